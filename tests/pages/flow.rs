//! The whole way in the browser: files are put, checked, run, and become lists.

use crate::support::{Browser, Pages, Workdir};

/// Waits until the run that was started is over.
pub(super) fn wait(pages: &Pages) -> String {
    loop {
        let state: serde_json::Value =
            serde_json::from_str(&pages.get("/run/state").body).expect("JSON");
        match state["phase"].as_str().expect("a phase") {
            "looking" | "reading" | "writing" => {
                std::thread::sleep(std::time::Duration::from_millis(20));
            }
            phase => return phase.to_owned(),
        }
    }
}

#[test]
fn files_are_put_checked_and_run_and_the_choices_are_settings() {
    let dir = Workdir::new();
    dir.write("in/reports/Azure.csv", crate::support::AZURE);
    dir.write("in/crm/Accounts.csv", crate::support::ACCOUNTS);
    dir.write("in/crm/Contacts.csv", crate::support::CONTACTS);
    let pages = dir.pages(&[]);
    let listed = pages.get("/new/folder?side=crm&path=in").body;
    assert!(listed.contains("reports/</button>") && listed.contains("crm/</button>"), "{listed}");

    // the two folders swapped: the check says so
    let path = |name: &str| dir.path(name).to_str().expect("UTF-8").replace('/', "%2F");
    pages.post("/new/put", &format!("side=crm&path={}", path("in/reports")));
    pages.post("/new/put", &format!("side=reports&path={}", path("in/crm")));
    let check = pages.get("/check").body;
    assert!(check.contains("wrong side"), "{check}");

    pages.post("/new/put", &format!("side=reports&path={}", path("in/reports")));
    pages.post("/new/put", &format!("side=crm&path={}", path("in/crm")));
    let check = pages.get("/check").body;
    assert!(!check.contains("wrong side"), "{check}");
    for known in ["Azure.csv", "5 rows", "Quellbrink Werkzeugbau"] {
        assert!(check.contains(known), "{known}: {check}");
    }
    assert!(!check.contains('@'), "no value of a person: {check}");

    pages.post("/new/own-domains", "typed=own.example");
    assert_eq!(pages.post("/run/start", "what=new").status, 200);
    assert_eq!(wait(&pages), "done");
    let page = pages.get("/results").body;
    assert!(page.contains("customers are linked"), "{page}");
    let settings = std::fs::read_dir(dir.path(""))
        .expect("a folder")
        .flatten()
        .find_map(|entry| std::fs::read_to_string(entry.path().join("settings.toml")).ok());
    let settings = settings.expect("the settings of the draft");
    assert!(settings.contains("own-domain = [\"own.example\"]"), "{settings}");
}

#[test]
fn a_doubt_that_asks_for_a_column_is_settled_by_choosing_one() {
    let dir = Workdir::new();
    dir.write("in/Azure.csv", crate::support::AZURE);
    dir.write("crm/Accounts.csv", crate::support::ACCOUNTS);
    dir.write(
        "crm/Contacts.csv",
        "Contact ID,Account ID,Last Name,Email,Colour\n003A,001A,Ahrens,ann@quellbrink.de,0\n",
    );
    let pages = dir.pages(&[]);
    let path = |name: &str| dir.path(name).to_str().expect("UTF-8").replace('/', "%2F");
    pages.post("/new/put", &format!("side=reports&path={}", path("in")));
    pages.post("/new/put", &format!("side=crm&path={}", path("crm")));
    let asked = "name=\"field\" value=\"email-opt-out\"";
    assert!(pages.get("/check").body.contains(asked));
    pages.post("/language", "language=de");
    let german = pages.get("/check").body;
    assert!(german.contains("keine Spalte enthält eine Einwilligung in E-Mails"), "{german}");
    pages.post("/new/column", "header=&field=email-opt-out");
    assert!(pages.get("/check").body.contains(asked), "no column was chosen");
    pages.post("/new/column", "header=Colour&field=email-opt-out");
    assert!(!pages.get("/check").body.contains(asked));
}

#[test]
fn a_file_that_is_dropped_goes_to_the_folder_that_the_page_names_and_nowhere_else() {
    let dir = Workdir::new();
    let pages = dir.pages(&[]);
    let page = pages.get("/start").body;
    let headers = pages.own_headers();
    let headers: Vec<(&str, &str)> =
        headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let kept =
        pages.ask("POST", "/new/file?side=reports&name=Azure.csv", &headers, crate::support::AZURE);
    assert_eq!(kept.status, 200, "{kept:?}");
    for name in ["..%2Fout.csv", "%2Fetc%2Fx", ".hidden"] {
        let path = format!("/new/file?side=reports&name={name}");
        assert_eq!(pages.ask("POST", &path, &headers, "x").status, 409, "{name}");
    }
    assert_eq!(pages.ask("POST", "/new/file?side=x&name=a.csv", &headers, "x").status, 409);
    let files: Vec<String> = dir.files("").into_keys().collect();
    let [file] = files.as_slice() else { panic!("one file: {files:?}") };
    let folder = file.strip_suffix("/reports/Azure.csv").expect("the folder of the reports");
    assert!(page.contains(&format!("/{folder}, and nowhere else")), "{folder}: {page}");
}

#[test]
fn lists_are_picked_previewed_and_written() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out"]);
    let campaigns = dir.run(&["campaigns", "--run", "out", "--json"]).ended(0).json();
    let page = pages.get("/lists").body;
    for campaign in campaigns.as_array().expect("a list") {
        let cells = format!(
            "<td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>",
            campaign["customers"], campaign["customers_reachable"], campaign["contacts"]
        );
        assert!(page.contains(&cells), "{campaign}");
    }
    let preview = pages.get("/lists/preview?pick=0").body;
    assert!(preview.contains('@'), "people are shown: {preview}");
    let written = pages.post("/lists/export", "pick=0&target=hubspot");
    assert_eq!(written.status, 200, "{written:?}");
    assert!(written.body.contains("hubspot") && written.body.contains("import"), "{written:?}");
    assert!(dir.files("out/campaigns").keys().any(|name| name.starts_with("hubspot/")));
    assert_eq!(pages.post("/lists/export", "target=hubspot").status, 409, "nothing is picked");
    assert_eq!(pages.post("/lists/export", "pick=0&target=fax").status, 409, "no such system");
}

#[test]
fn the_audit_is_blind_and_its_figures_stand_with_the_results() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out", "--reviewer", "Kim"]);
    let before = pages.get("/audit").body;
    assert!(!before.contains("Similarity") && !before.contains("0.99"), "blind: {before}");
    for answered in 0..12 {
        let page = pages.get("/audit").body;
        assert!(page.contains(&format!("{answered} of ")), "{page}");
        let at = page.split("id=\"audit\" data-at=\"").nth(1).and_then(|of| of.split('"').next());
        let answer = if answered % 4 == 3 { "wrong" } else { "right" };
        let form = format!("at={}&answer={answer}", at.expect("a question"));
        assert_eq!(pages.post("/audit/answer", &form).status, 200);
    }
    let results = pages.get("/results").body;
    assert!(results.contains("Measured by you, last on"), "{results}");
    assert_eq!(dir.verdict_lines(), 12);
    let file = dir.read("out.verdicts.csv");
    assert!(
        file.lines().skip(1).all(|line| line.contains(",note,") && line.contains("audit: ")),
        "{file}"
    );
    pages.decide(0, "undo", "");
    assert!(pages.get("/audit").body.contains("11 of "), "an answer is taken back");
}

#[test]
fn a_run_that_is_stopped_leaves_the_results_as_they_were() {
    let dir = Workdir::with_doubtful(300);
    let before = dir.files("out");
    let pages = dir.pages(&["out"]);
    pages.post("/run/start", "");
    pages.post("/run/stop", "");
    let phase = wait(&pages);
    assert!(matches!(phase.as_str(), "stopped" | "done"), "{phase}");
    if phase == "stopped" {
        assert_eq!(dir.files("out"), before);
        assert!(!dir.holds("out.previous"));
    }
}

/// The six places and the audit.
const PLACES: [&str; 7] =
    ["/start", "/check", "/run", "/results", "/review?queue=all", "/lists", "/audit"];

#[test]
#[ignore = "drives Chromium; test.sh runs it"]
fn all_places_are_accessible_narrow_and_wide_light_and_dark() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out"]);
    let mut browser = Browser::new((1300, 900));
    browser.go(&pages.link);
    for (width, dark) in [(1300, false), (400, true)] {
        browser.resize(width, 900);
        browser.set_dark(dark);
        for place in PLACES {
            browser.go(&format!("http://127.0.0.1:{}{place}", pages.port));
            if place.starts_with("/review") {
                browser.wait_for("document.querySelector('#panel [data-at]')");
            }
            assert_eq!(
                browser.eval("document.documentElement.scrollWidth <= innerWidth"),
                true,
                "{place} at {width}"
            );
            browser.eval(include_str!("axe/axe.min.js"));
            let found = browser.text(
                "axe.run().then(({ violations }) => violations
                    .filter((of) => ['serious', 'critical'].includes(of.impact))
                    .map((of) => of.id + ': ' + of.nodes.map((node) => node.html).join(' | '))
                    .join('\\n'))",
            );
            assert_eq!(found, "", "{place} at {width}");
        }
    }
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn the_pages_speak_five_languages_and_never_translate_data() {
    let dir = Workdir::finished();
    let pages = dir.pages(&["out"]);
    for (code, word) in
        [("en", "Review"), ("de", "Prüfen"), ("fr", "Revue"), ("es", "Revisión"), ("ja", "判定")]
    {
        assert_eq!(pages.post("/language", &format!("language={code}")).status, 200);
        for place in PLACES {
            let page = pages.get(place).body;
            assert!(page.contains(word), "{code} {place}");
            assert!(!page.contains(">page."), "{code} {place}: a text is missing");
        }
        assert!(pages.get("/review?queue=all").body.contains("風待港海運株式会社"), "{code}");
        let results = pages.get("/results").body;
        let is_english = results.contains("Solution areas: how ready to buy");
        assert_eq!(is_english, code == "en", "{code}");
    }
}
