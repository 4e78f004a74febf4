//! The pages of the program, asked for without a browser.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Stdio},
    time::Duration,
};

use super::workdir::Workdir;

/// The program while it serves its pages; it is ended with the test.
pub(crate) struct Pages {
    child: Child,
    pub(crate) port: u16,
    /// The link that it printed.
    pub(crate) link: String,
    cookie: String,
    token: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Workdir {
    /// Starts the pages on a free port, with further arguments, and enters by the link.
    pub(crate) fn pages(&self, args: &[&str]) -> Pages {
        let mut program =
            self.command(&[&["open", "--no-browser", "--language", "en"], args].concat());
        program.stdout(Stdio::piped());
        let mut child = program.spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let link = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.trim().starts_with("http://").then(|| line.trim().to_owned()));
        let link = link.expect("a link");
        let port =
            link.split(['/', ':']).nth(4).and_then(|port| port.parse().ok()).expect("a port");
        let mut pages = Pages { child, port, link, cookie: String::new(), token: String::new() };
        pages.enter();
        pages
    }
}

impl Pages {
    fn enter(&mut self) {
        let path = self.link.splitn(4, '/').nth(3).expect("a path").to_owned();
        let entered = self.ask("GET", &format!("/{path}"), &[], "");
        assert_eq!(entered.status, 303, "{entered:?}");
        let cookie = entered.head.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        self.cookie = cookie.and_then(|of| of.split(';').next()).expect("a cookie").to_owned();
        let page = self.get("/start").body;
        let token =
            page.split("name=\"token\" content=\"").nth(1).and_then(|of| of.split('"').next());
        self.token = token.expect("a token").to_owned();
    }

    /// A page, as our own pages ask for it.
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[("Cookie", &self.cookie)], "")
    }

    /// A change, as our own pages ask for it.
    pub(crate) fn post(&self, path: &str, form: &str) -> Answer {
        let headers = self.own_headers();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.ask("POST", path, &headers, form)
    }

    /// The headers of a change from a page of ours.
    pub(crate) fn own_headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("Cookie", self.cookie.clone()),
            ("Origin", format!("http://127.0.0.1:{}", self.port)),
            ("X-Reconcile-Token", self.token.clone()),
            ("Content-Type", "application/x-www-form-urlencoded".to_owned()),
        ]
    }

    /// Any request, with these headers only (and a host where none of them is one).
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit");
        let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            text.push_str(&format!("Host: 127.0.0.1:{}\r\n", self.port));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        // a server that refuses early does not read to the end
        let _ = stream.write_all(text.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// Decides about the customer at a position.
    pub(crate) fn decide(&self, at: usize, act: &str, account: &str) -> serde_json::Value {
        let answer = self.post("/review/act", &format!("at={at}&act={act}&account={account}"));
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_str(&answer.body).expect("JSON")
    }

    /// Kills the program, as a power cut does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
