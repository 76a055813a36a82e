//! Looking for secrets where none may be.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file below `folder` that holds one of the secrets, in clear or as base64 would write it.
pub fn files_with(folder: &Path, secrets: &[&str]) -> Vec<PathBuf> {
    let forms: Vec<Vec<u8>> = secrets.iter().flat_map(|secret| forms(secret)).collect();
    let mut found = Vec::new();
    for file in files(folder) {
        let content = fs::read(&file).unwrap_or_default();
        if forms.iter().any(|form| content.windows(form.len()).any(|window| window == form)) {
            found.push(file);
        }
    }
    found
}

/// Every file below `folder`.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries
        .flatten()
        .flat_map(|entry| match entry.file_type() {
            Ok(kind) if kind.is_dir() => files(&entry.path()),
            Ok(kind) if kind.is_file() => vec![entry.path()],
            // Sockets and links hold nothing of their own.
            _ => Vec::new(),
        })
        .collect()
}

fn forms(secret: &str) -> Vec<Vec<u8>> {
    let wide = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let url = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect::<String>();
    // The first bytes are cut off at each of the three alignments base64 can have.
    let base64 = (0..3).map(|skip| base64(&secret.as_bytes()[skip..]));
    [secret.as_bytes().to_vec(), wide, url.into_bytes()].into_iter().chain(base64).collect()
}

/// Whole groups of three bytes only: what follows them in a file is not known.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks_exact(3)
        .flat_map(|three| {
            let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| DIGITS[(bits >> shift & 63) as usize])
        })
        .collect()
}

#[test]
fn a_secret_is_found_in_every_form_and_nowhere_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret = "glpat-Zq7_canary";
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).expect("a file");
        path
    };
    let guilty = [
        write("clear.log", b"token=glpat-Zq7_canary;"),
        // `printf 'x glpat-Zq7_canary.' | base64`
        write("base64.txt", b"eCBnbHBhdC1acTdfY2FuYXJ5Lg=="),
    ];
    write("innocent.txt", b"glpat-Zq7 and _canary");
    let mut found = files_with(folder.path(), &[secret]);
    found.sort();
    let mut expected = guilty.to_vec();
    expected.sort();
    assert_eq!(found, expected, "the files that hold it, and only those");
}
