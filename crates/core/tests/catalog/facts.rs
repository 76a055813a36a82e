//! Facts kept beside the tests: parameters as GitLab's documentation and its API description list
//! them, one a line.

use heirloom_core::catalog::FieldType;

/// One parameter of one integration, as a source has it.
pub struct Fact {
    /// Name in the path.
    pub slug: &'static str,
    /// REST parameter.
    pub parameter: &'static str,
    /// Type as the source writes it.
    pub kind: &'static str,
    /// Whether the source calls it required.
    pub required: bool,
}

impl Fact {
    /// The catalog's word for the source's type.
    pub fn field_type(&self) -> FieldType {
        match self.kind {
            "string" => FieldType::String,
            "boolean" => FieldType::Boolean,
            "integer" | "number" => FieldType::Integer,
            "array" | "array of strings" => FieldType::StringArray,
            other => panic!("{} {}: unheard-of type {other}", self.slug, self.parameter),
        }
    }
}

/// What the documentation of GitLab 18.10 lists.
pub fn documented() -> Vec<Fact> {
    read(include_str!("documented-18.10.tsv"))
}

/// What the API description of GitLab 19.3 lists.
pub fn accepted() -> Vec<Fact> {
    read(include_str!("accepted-19.3.tsv"))
}

fn read(table: &'static str) -> Vec<Fact> {
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<_> = line.split('\t').collect();
        let [slug, parameter, kind, required] = cells[..] else { panic!("four cells: {line}") };
        assert!(matches!(required, "yes" | "no"), "yes or no: {line}");
        Fact { slug, parameter, kind, required: required == "yes" }
    })
    .collect()
}
