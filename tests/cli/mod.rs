//! Exit status, messages and files.

mod attack;
mod address;
mod cohort;
mod companies_and_people;
mod consent;
mod damage;
mod deal;
mod denied;
mod encoding;
mod evaluate;
mod evidence;
mod filter;
mod history;
mod identifier;
mod join;
mod outcome;
mod partition;
mod publish;
mod quirk;
mod sample;
mod setting;
mod sheet;
mod usage;
mod verdict;
mod workbook;
