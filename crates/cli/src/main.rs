//! heirloomctl.
fn main() {}
