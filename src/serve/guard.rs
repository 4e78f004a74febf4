//! Who may ask: only the browser that was given the link, only under the name of this machine, and
//! only from a page of ours. Everything else is refused, and no page may load or send anything
//! elsewhere.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{Server, peer};
use crate::error::{Error, Result};

/// The name of the cookie, without the port that it is for: cookies know no ports.
const COOKIE: &str = "reconcile";

/// The header that names the token of a change.
pub(super) const TOKEN: &str = "x-reconcile-token";

/// What a page may do: load styles and scripts from here, nothing from elsewhere, no script or style
/// within a page, no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The secrets of one start of the program.
pub(super) struct Guard {
    port: u16,
    /// In the first link.
    ticket: String,
    /// In the cookie.
    session: String,
    /// In the header of each change.
    token: String,
}

impl Guard {
    /// New secrets.
    ///
    /// # Errors
    ///
    /// When the system gives no random numbers.
    pub(super) fn new(port: u16) -> Result<Guard> {
        Ok(Guard { port, ticket: secret()?, session: secret()?, token: secret()? })
    }

    /// The first link.
    pub(super) fn link(&self) -> String {
        format!("http://127.0.0.1:{}/enter/{}", self.port, self.ticket)
    }

    /// The token of changes, for our own pages.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// The cookie for who has the ticket; `None` for others.
    pub(super) fn cookie(&self, ticket: &str) -> Option<String> {
        let name = format!("{COOKIE}-{}", self.port);
        let cookie = format!("{name}={}; HttpOnly; SameSite=Strict; Path=/", self.session);
        is_same(ticket, &self.ticket).then_some(cookie)
    }

    /// Why a request is refused; `None` for one of ours.
    fn refuses(&self, method: &Method, path: &str, headers: &HeaderMap) -> Option<&'static str> {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let hosts = ["127.0.0.1", "localhost"].map(|host| format!("{host}:{}", self.port));
        if !text(header::HOST).is_some_and(|host| hosts.iter().any(|known| known == host)) {
            return Some("this is not the name under which the pages are served");
        }
        let origin = text(header::ORIGIN);
        let is_own = |origin: &str| hosts.iter().any(|host| origin == format!("http://{host}"));
        if headers.contains_key(header::ORIGIN) && !origin.is_some_and(is_own) {
            return Some("the request comes from another site");
        }
        if path.starts_with("/enter/") && method == Method::GET {
            return None; // the ticket is looked at there
        }
        if !self.has_session(headers) {
            return Some("open the link that the program printed when it was started");
        }
        if *method == Method::GET || *method == Method::HEAD {
            return None;
        }
        let token = headers.get(TOKEN).and_then(|value| value.to_str().ok());
        match (origin, token) {
            (None, _) => Some("the request does not say where it comes from"),
            (_, Some(token)) if is_same(token, &self.token) => None,
            _ => Some("the token is missing: load the page again"),
        }
    }

    fn has_session(&self, headers: &HeaderMap) -> bool {
        let name = format!("{COOKIE}-{}", self.port);
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|of| of.to_str().ok());
        let mut pairs =
            cookies.flat_map(|of| of.split(';')).filter_map(|of| of.trim().split_once('='));
        pairs.any(|(key, value)| key == name && is_same(value, &self.session))
    }
}

/// Compares secrets in a time that does not depend on where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differ = one.bytes().zip(other.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other));
    one.len() == other.len() && differ == 0
}

/// 32 random bytes, as hex.
fn secret() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::io("random numbers")(std::io::Error::other(error.to_string())))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Lets a request through or refuses it, and puts the rules for the browser on every answer.
pub(super) async fn check(
    State(server): State<Arc<Server>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
    next: Next,
) -> Response {
    let refuses =
        || server.guard.refuses(request.method(), request.uri().path(), request.headers());
    let foreign = (!peer::is_ours(peer)).then_some("another user of this machine asks");
    let refused = foreign.or_else(refuses);
    let mut response = match refused {
        Some(why) => (StatusCode::FORBIDDEN, format!("refused: {why}\n")).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard() -> Guard {
        Guard { port: 4711, ticket: "t".into(), session: "s".into(), token: "k".into() }
    }

    #[test]
    fn only_requests_of_our_own_pages_are_answered() {
        let (host, cookie) = (("host", "127.0.0.1:4711"), ("cookie", "other=1; reconcile-4711=s"));
        let (origin, token) = (("origin", "http://127.0.0.1:4711"), (TOKEN, "k"));
        for (method, path, headers, is_answered) in [
            ("GET", "/", vec![host, cookie], true),
            ("GET", "/", vec![("host", "localhost:4711"), cookie], true),
            ("GET", "/", vec![host], false), // no cookie
            ("GET", "/", vec![host, ("cookie", "reconcile-4711=x")], false), // a wrong one
            ("GET", "/", vec![host, ("cookie", "reconcile-4712=s")], false), // of another port
            ("GET", "/", vec![cookie], false), // no host
            ("GET", "/", vec![("host", "evil.example:4711"), cookie], false), // rebinding
            ("GET", "/", vec![("host", "127.0.0.1"), cookie], false), // another port
            ("GET", "/", vec![host, cookie, ("origin", "http://evil.example")], false),
            ("GET", "/", vec![host, cookie, ("origin", "null")], false), // a frame of no origin
            ("GET", "/enter/x", vec![host], true),                       // the ticket decides
            ("POST", "/enter/x", vec![host], false),
            ("POST", "/decide", vec![host, cookie, origin, token], true),
            ("POST", "/decide", vec![host, cookie, origin], false), // no token
            ("POST", "/decide", vec![host, cookie, origin, (TOKEN, "kk")], false),
            ("POST", "/decide", vec![host, cookie, token], false), // no origin
            ("POST", "/decide", vec![host, origin, token], false), // no cookie
            ("DELETE", "/decide", vec![host, cookie], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.insert(*name, HeaderValue::from_static(value));
            }
            let refused = guard().refuses(&method.parse().unwrap(), path, &map);
            assert_eq!(refused.is_none(), is_answered, "{method} {path} {headers:?}: {refused:?}");
        }
    }

    #[test]
    fn the_ticket_gives_the_cookie_and_nothing_else_does() {
        assert!(guard().cookie("t").unwrap().contains("HttpOnly; SameSite=Strict"));
        for ticket in ["", "s", "k", "tt"] {
            assert_eq!(guard().cookie(ticket), None, "{ticket}");
        }
        let (one, other) = (Guard::new(1).unwrap(), Guard::new(1).unwrap());
        assert_ne!(one.link(), other.link());
        assert!(one.link().len() > 64);
    }
}
