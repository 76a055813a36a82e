//! The table of contract rules and the test that holds each.

use std::collections::BTreeSet;
use std::path::Path;

const RULES: &str = include_str!("rules.txt");

/// The names of all tests beside this file.
fn tests() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract");
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the folder of the tests") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).expect("a source file");
        // A function counts only below an attribute that makes it run.
        let mut is_test = false;
        for line in text.lines() {
            if line.starts_with("#[tokio::test") || line == "#[test]" {
                is_test = true;
            } else if let Some((_, rest)) = line.split_once("fn ") {
                if is_test {
                    names.extend(rest.split('(').next().map(str::to_owned));
                }
                is_test = false;
            }
        }
    }
    names
}

#[test]
fn every_rule_of_the_contract_has_a_test() {
    let tests = tests();
    let mut missing = Vec::new();
    let mut table = format!("{:<5}{:<62}test\n", "part", "rule");
    for line in RULES.lines() {
        let (rule, test) = line.split_once(" | ").expect("a rule and its test");
        let (section, rule) = rule.split_once(' ').expect("a section and a rule");
        table.push_str(&format!("{section:<5}{rule:<62}{test}\n"));
        if !tests.contains(test) {
            missing.push(format!("{rule}: {test}"));
        }
    }
    println!("{table}{} rules", RULES.lines().count());
    assert!(missing.is_empty(), "rules without their test: {missing:#?}");
}
