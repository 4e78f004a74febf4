//! The pages in the browser: who may ask, what a decision does, and what a person sees.

mod apply;
mod decide;
mod flow;
mod guard;
mod numbers;
mod person;
mod rules;
mod tabs;

use crate::support::{Ran, Workdir};

impl Workdir {
    /// A run in which many customers are in review: each has an account of a like name, or two.
    fn with_doubtful(customers: usize) -> Workdir {
        let dir = Workdir::new();
        let mut report = "CustomerID,AccountName,Domain,City,Country,AzureCluster\n".to_owned();
        let mut accounts =
            "Account ID,Account Name,Website,Billing City,Billing Country\n".to_owned();
        for at in 0..customers {
            let name = name(at);
            report.push_str(&format!("{},{name} GmbH,,,Germany,Act Now\n", 30_000_000 + at));
            for (twin, city) in ["Ulm", "Kiel"].iter().enumerate() {
                accounts.push_str(&format!("001{at:06}{twin},{name} GmbH,,{city},Germany\n"));
            }
        }
        dir.write("Azure.csv", report);
        dir.write("Accounts.csv", accounts);
        dir.run_doubtful();
        dir
    }

    /// A run in which `alone` customers have one account of a like name each, and as many as
    /// `twice` have two that are equally good.
    fn with_like_names(alone: usize, twice: usize) -> Workdir {
        let dir = Workdir::new();
        let mut report = "CustomerID,AccountName,Domain,City,Country,AzureCluster\n".to_owned();
        let mut accounts =
            "Account ID,Account Name,Website,Billing City,Billing Country\n".to_owned();
        for at in 0..alone {
            let name = name(at);
            report.push_str(&format!(
                "{},{name} GmbH,{name}.de,Ulm,Germany,Act Now\n",
                30_000_000 + at
            ));
            accounts
                .push_str(&format!("001{at:06}0,Holding {},{name}.de,Kiel,Germany\n", other(at)));
        }
        for at in 0..twice {
            let name = name(1000 + at);
            report.push_str(&format!("{},{name} GmbH,,,Germany,Act Now\n", 30_900_000 + at));
            for (twin, city) in ["Ulm", "Kiel"].iter().enumerate() {
                accounts.push_str(&format!("002{at:06}{twin},{name} GmbH,,{city},Germany\n"));
            }
        }
        dir.write("Azure.csv", report);
        dir.write("Accounts.csv", accounts);
        dir.run_doubtful();
        dir
    }

    fn run_doubtful(&self) -> Ran {
        self.run_match("--reports Azure.csv --accounts Accounts.csv --out out", &[]).done()
    }

    /// The lines of the file of verdicts.
    fn verdict_lines(&self) -> usize {
        match self.holds("out.verdicts.csv") {
            true => self.read("out.verdicts.csv").lines().count().saturating_sub(1),
            false => 0,
        }
    }
}

/// A name that has nothing in common with [`name`].
fn other(at: usize) -> String {
    format!("Vex{}", name(at + 5000).chars().rev().collect::<String>())
}

/// A name that no other number gives, of letters only.
fn name(mut at: usize) -> String {
    const PARTS: [&str; 12] =
        ["bra", "kel", "mon", "tus", "wig", "dor", "fen", "hul", "nar", "pok", "sil", "zed"];
    let mut name = String::from("Q");
    for _ in 0..4 {
        name.push_str(PARTS[at % PARTS.len()]);
        at /= PARTS.len();
    }
    name
}
