# The program in a container: no shell, not root, nothing written outside of what is mounted.
#
#   docker build -t reconcile .
#   docker run --rm --read-only --network none --user "$(id -u)" -v "$PWD:/work" reconcile \
#     match --reports reports/ --crm crm/ --out result
FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --features columnar

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/reconcile /usr/local/bin/reconcile
WORKDIR /work
ENTRYPOINT ["/usr/local/bin/reconcile"]
CMD ["--help"]
