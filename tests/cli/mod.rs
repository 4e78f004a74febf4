//! Exit status, messages and files.

mod attack;
mod address;
mod cohort;
mod companies_and_people;
mod consent;
mod damage;
mod denied;
mod encoding;
mod evaluate;
mod evidence;
mod filter;
mod identifier;
mod join;
mod machine;
mod partition;
mod publish;
mod quirk;
mod sample;
mod setting;
mod sheet;
mod sift;
mod usage;
mod verdict;
mod workbook;
