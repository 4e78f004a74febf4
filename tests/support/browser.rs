//! Chromium without a window, driven by its own protocol: what a person sees and does.

use std::{
    io::{BufRead as _, BufReader},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// How long a page may take, at most: a limit against hanging, no measurement.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: String,
    calls: u64,
    /// What the browser has told of requests, failures and errors.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts Chromium with a window of a size.
    pub(crate) fn new((width, height): (u32, u32)) -> Browser {
        let profile = TempDir::new().expect("a folder");
        let program = ["chromium", "chromium-browser", "google-chrome"].into_iter().find(|name| {
            let mut asked = Command::new(name);
            asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
            asked.status().is_ok_and(|status| status.success())
        });
        let mut chromium = Command::new(program.expect("Chromium; test.sh installs it"));
        chromium.args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-port=0",
        ]);
        chromium.args(["--no-first-run", "--disable-background-networking"]);
        let folder = profile.path().to_str().expect("UTF-8");
        chromium.arg(format!("--user-data-dir={folder}")).arg("about:blank");
        let mut child =
            chromium.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut lines = stderr.lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| line.split_once("listening on ").map(|(_, at)| at.to_owned()));
        let address = address.expect("the address of its protocol");
        std::thread::spawn(move || lines.for_each(drop)); // or the browser stops at a full pipe
        let host = address.split('/').nth(2).expect("a host").to_owned();
        let stream = TcpStream::connect(host).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        let (socket, _) = tungstenite::client(address.as_str(), stream).expect("the protocol");
        let mut browser = Browser {
            child,
            socket,
            session: String::new(),
            calls: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach)["sessionId"].clone();
        browser.session = session.as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        browser.resize(width, height);
        browser
    }

    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let size =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Light or dark, as the system of the reader is set.
    pub(crate) fn set_dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.call("Emulation.setEmulatedMedia", features);
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut call = json!({ "id": self.calls, "method": method, "params": params });
        if !self.session.is_empty() {
            call["sessionId"] = json!(self.session);
        }
        self.socket.send(Message::text(call.to_string())).expect("the browser listens");
        loop {
            let message = self.socket.read().expect("the browser answers");
            let Message::Text(text) = message else { continue };
            let mut said: Value = serde_json::from_str(&text).expect("JSON");
            if said["id"] == json!(self.calls) {
                assert!(said["error"].is_null(), "{method}: {said}");
                return said["result"].take();
            }
            self.events.push(said);
        }
    }

    /// Goes to an address and waits until the page is there.
    pub(crate) fn go(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
        self.wait_for("document.readyState === 'complete'");
    }

    /// The value of an expression.
    pub(crate) fn eval(&mut self, script: &str) -> Value {
        let params = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        let mut result = self.call("Runtime.evaluate", params);
        assert!(result["exceptionDetails"].is_null(), "{script}: {result}");
        result["result"]["value"].take()
    }

    /// A text of an expression.
    pub(crate) fn text(&mut self, script: &str) -> String {
        self.eval(script).as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression holds.
    pub(crate) fn wait_for(&mut self, condition: &str) {
        let begun = Instant::now();
        let guarded =
            format!("(() => {{ try {{ return !!({condition}) }} catch {{ return false }} }})()");
        while self.eval(&guarded) != json!(true) {
            assert!(
                begun.elapsed() < PATIENCE,
                "never: {condition}\n{}",
                self.text("document.body.innerText")
            );
            sleep(Duration::from_millis(15));
        }
    }

    /// Presses a key, as a person does.
    pub(crate) fn press(&mut self, key: &str) {
        let text = match key {
            "Enter" => Some("\r"),
            key if key.chars().count() == 1 => Some(key),
            _ => None,
        };
        let mut down = json!({ "type": "keyDown", "key": key });
        if let Some(text) = text {
            down["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", down);
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key }));
    }

    /// The addresses that the page has asked for.
    pub(crate) fn requests(&self) -> Vec<String> {
        let sent = self.events.iter().filter(|of| of["method"] == "Network.requestWillBeSent");
        sent.filter_map(|of| of["params"]["request"]["url"].as_str()).map(str::to_owned).collect()
    }

    /// Requests that failed, and what the console says of errors.
    pub(crate) fn faults(&self) -> Vec<String> {
        let is_fault = |of: &&Value| match of["method"].as_str().unwrap_or_default() {
            "Network.loadingFailed" => of["params"]["canceled"] != json!(true),
            "Runtime.exceptionThrown" => true,
            "Log.entryAdded" => of["params"]["entry"]["level"] == "error",
            _ => false,
        };
        self.events.iter().filter(is_fault).map(ToString::to_string).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
