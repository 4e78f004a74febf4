//! The oddities of exports as they come, one table per CRM: each file is understood as a person
//! would understand it.

mod dynamics;
mod hubspot;
mod meant;
mod notes;
mod pipedrive;
mod report;
mod salesforce;
mod zoho;

use std::collections::BTreeMap;

use crate::support::Workdir;

/// An oddity: its name (and that of its file), the lines of the file, what the file must be read
/// as, and columns with what they must stand for (`-`: for nothing).
type Quirk<'q> = (&'q str, &'q str, &'q str, &'q [(&'q str, &'q str)]);

/// What `inspect` says of each file of a folder, by the name of the file.
fn inspected(dir: &Workdir, folder: &str) -> BTreeMap<String, serde_json::Value> {
    let files = dir.run(&["inspect", folder, "--json"]).ended(0).json();
    let files = files.as_array().expect("a list").clone();
    let name = |file: &serde_json::Value| {
        let path = file["file"].as_str().expect("a name").to_owned();
        path.rsplit('/').next().unwrap_or_default().trim_end_matches(".csv").to_owned()
    };
    files.into_iter().map(|file| (name(&file), file)).collect()
}

/// The column of a file with this header and field, `-` standing for a header left alone, `ignore`
/// for one that no list needs.
fn holds(file: &serde_json::Value, header: &str, field: &str) -> bool {
    let columns = file["columns"].as_array().expect("columns");
    let left = file["columns_left_alone"].as_array().expect("headers");
    let unneeded = file["columns_not_needed"].as_array().expect("headers");
    match field {
        "ignore" => unneeded.iter().any(|of| of == header),
        "-" => left.iter().any(|of| of == header),
        _ => columns.iter().any(|of| of["header"] == header && of["field"] == field),
    }
}

fn check(quirks: &[Quirk<'_>]) {
    let dir = Workdir::new();
    for (name, text, ..) in quirks {
        dir.write(&format!("crm/{name}.csv"), text);
    }
    let files = inspected(&dir, "crm");
    for (name, _, kind, columns) in quirks {
        let file = &files[*name];
        assert_eq!(file["kind"], *kind, "{name}: {file}");
        for (header, field) in *columns {
            assert!(holds(file, header, field), "{name}: {header} is the {field}: {file}");
        }
    }
}
