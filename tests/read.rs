//! The reading layer as the other stages use it: files in, rows and problems out.

#[path = "read/folder.rs"]
mod folder;
#[path = "read/dialects.rs"]
mod dialects;
