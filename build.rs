//! What Explorer shows of the Windows program: its icon, its name and its version.

fn main() {
    println!("cargo:rerun-if-changed=packaging/windows");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "windows") {
        let mut resource = winresource::WindowsResource::new();
        resource
            .set_icon("packaging/windows/reconcile.ico")
            .set_manifest_file("packaging/windows/reconcile.manifest")
            .set("ProductName", "reconcile")
            .set("FileDescription", "reconcile - CloudAscent reports and your CRM")
            .set("OriginalFilename", "reconcile.exe")
            .set("LegalCopyright", "MIT or Apache-2.0");
        resource.compile().expect("the resource compiler of the target is installed");
    }
}
