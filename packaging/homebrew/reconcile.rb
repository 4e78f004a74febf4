# The Homebrew formula of a release; scripts/release fills in what stands between @.
class Reconcile < Formula
  desc "Links customers of Microsoft CloudAscent reports with CRM accounts"
  homepage "@HOME_PAGE@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    url "@HOME_PAGE@/releases/download/v@VERSION@/reconcile-@VERSION@-universal-macos.tar.gz"
    sha256 "@SHA256_universal-macos@"
  end

  on_linux do
    on_intel do
      url "@HOME_PAGE@/releases/download/v@VERSION@/reconcile-@VERSION@-x86_64-linux.tar.gz"
      sha256 "@SHA256_x86_64-linux@"
    end
    on_arm do
      url "@HOME_PAGE@/releases/download/v@VERSION@/reconcile-@VERSION@-aarch64-linux.tar.gz"
      sha256 "@SHA256_aarch64-linux@"
    end
  end

  def install
    bin.install "reconcile"
    generate_completions_from_executable(bin/"reconcile", "completions")
    (man1/"reconcile.1").write Utils.safe_popen_read(bin/"reconcile", "man")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/reconcile --version")
  end
end
