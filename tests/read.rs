//! The reading layer as the other stages use it: files in, rows and problems out.

#[path = "read/archives.rs"]
mod archives;
#[path = "read/damage.rs"]
mod damage;
#[path = "read/dialects.rs"]
mod dialects;
#[path = "read/discovery.rs"]
mod discovery;
#[path = "read/encodings.rs"]
mod encodings;
#[path = "read/folder.rs"]
mod folder;
#[path = "read/laws.rs"]
mod laws;
#[expect(unreachable_pub, reason = "the fuzz targets use it as a library")]
#[path = "../fuzz/src/meaning.rs"]
mod meaning;
#[expect(unreachable_pub, reason = "the fuzz targets use it as a library")]
#[path = "../fuzz/src/reading.rs"]
mod reading;
#[expect(unreachable_pub, reason = "the fuzz targets use it as a library")]
#[path = "../fuzz/src/verdict.rs"]
mod verdict;
#[path = "read/workbooks.rs"]
mod workbooks;
