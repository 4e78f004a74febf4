"""Chromium without a window, driven over a pipe by its own protocol: for pictures and figures."""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time


class Browser:
    def __init__(self, width, height):
        self.profile = tempfile.mkdtemp()
        to_browser, self.to = os.pipe()
        self.answers, from_browser = os.pipe()

        def pipes():  # its protocol reads from descriptor 3 and writes to 4
            os.dup2(to_browser, 100)
            os.dup2(from_browser, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)

        self.program = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--no-first-run", "--disable-background-networking", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile}", "about:blank"],
            preexec_fn=pipes, close_fds=False,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.rest, self.calls, self.session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Performance.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.program.kill()
        self.program.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **params):
        self.calls += 1
        call = {"id": self.calls, "method": method, "params": params}
        if self.session:
            call["sessionId"] = self.session
        os.write(self.to, json.dumps(call).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                self.rest += os.read(self.answers, 1 << 20)
            said, self.rest = self.rest.split(b"\0", 1)
            said = json.loads(said)
            if said.get("id") == self.calls:
                if "error" in said:
                    raise RuntimeError(f"{method}: {said['error']}")
                return said["result"]

    def eval(self, script):
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(f"{script}: {found['exceptionDetails']}")
        return found["result"].get("value")

    def wait_for(self, condition, seconds=120):
        end = time.monotonic() + seconds
        while not self.eval(f"(() => {{ try {{ return !!({condition}) }} catch {{ return false }} }})()"):
            if time.monotonic() > end:
                raise RuntimeError(f"never: {condition}")
            time.sleep(0.01)

    def go(self, address):
        self.call("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete'")

    def press(self, key):
        down = {"type": "keyDown", "key": key}
        if len(key) == 1:
            down["text"] = key
        self.call("Input.dispatchKeyEvent", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def picture(self, path):
        shot = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(shot))

    def script_megabytes(self):
        """The heap of the script of the page."""
        figures = {of["name"]: of["value"] for of in self.call("Performance.getMetrics")["metrics"]}
        return figures["JSHeapUsedSize"] / 1e6

    def megabytes(self):
        """What the process of the page holds for itself alone: the largest of the renderers."""
        own = []
        for process in pathlib.Path("/proc").iterdir():
            try:
                command = (process / "cmdline").read_bytes()
                if b"--type=renderer" in command and self.profile.encode() in command:
                    lines = (process / "smaps_rollup").read_text().splitlines()
                    own.append(sum(int(line.split()[1]) for line in lines if line.startswith("Private")))
            except (OSError, IndexError):
                continue
        return max(own, default=0) / 1e3


def pages(program, run, *args):
    """Serves the pages of a run; the process and the first link."""
    served = subprocess.Popen([program, "open", run, "--no-browser", "--language", "en", *args],
                              stdout=subprocess.PIPE, text=True)
    for line in served.stdout:
        if line.strip().startswith("http://"):
            return served, line.strip()
    raise RuntimeError("the pages are not served")
