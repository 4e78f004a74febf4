//! The program as a user runs it: exit status, messages and files.

mod workdir;

mod sample;
