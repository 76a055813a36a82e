use heirloom_engine::export::{Format, Part};
use heirloom_it::Lab;
use heirloom_simulator::{GroupSpec, Level, ProjectSpec, RowEdit};

const FORMULA: &str = "=HYPERLINK(\"https://evil.example\")";
const SCRIPT: &str =
    "<script>alert(1)</script><img src=x onerror=alert(2)>\u{1b}[2J\u{9b}31m\u{202e}";

/// The demo company, and a project and a group somebody named to do harm.
async fn lab() -> Lab {
    let lab = Lab::connected().await;
    let world = lab.simulator.world();
    let group = GroupSpec { parent: None, path: "harm".into(), name: Some(SCRIPT.into()) };
    let group = world.create_group(&group).expect("a group");
    world.set_access("d.whitfield", Level::Group, group, 50).expect("the owner's account");
    let project = ProjectSpec { group, path: "project".into(), name: Some(FORMULA.into()) };
    let project = world.create_project(&project).expect("a project");
    let fields = [("username".to_owned(), SCRIPT.into()), ("channel".to_owned(), FORMULA.into())];
    let edit = RowEdit { active: Some(true), fields: fields.into(), ..RowEdit::default() };
    world.overwrite(Level::Project, project, "slack", &edit).expect("a row");
    lab.sync().await;
    // What changes after the first sync is drift.
    let fields = [("username".to_owned(), format!("new {SCRIPT}").into())];
    let edit = RowEdit { fields: fields.into(), ..RowEdit::default() };
    world.overwrite(Level::Project, project, "slack", &edit).expect("a row");
    lab.sync().await;
    lab
}

async fn export(lab: &Lab, format: Format) -> String {
    let bytes =
        lab.engine.export(lab.id(), Part::default(), format, Vec::new()).await.expect("an export");
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn a_spreadsheet_has_a_line_for_each_row_and_no_formula() {
    let lab = lab().await;
    let text = export(&lab, Format::Csv).await;
    let mut lines = csv::Reader::from_reader(text.as_bytes());
    let head = lines.headers().expect("a head").clone();
    assert_eq!(head.get(2), Some("path"), "columns have names: {head:?}");
    let (mut rows, mut unread) = (0, 0);
    for line in lines.records() {
        let line = line.expect("a line of as many cells as the head");
        let is_row = line.get(3).is_some_and(|integration| !integration.is_empty());
        *(if is_row { &mut rows } else { &mut unread }) += 1;
        for cell in &line {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "a formula: {cell}");
        }
    }
    let json: serde_json::Value =
        serde_json::from_str(&export(&lab, Format::Json).await).expect("JSON");
    assert_eq!(rows, json["rows"].as_array().expect("rows").len(), "the same rows as the JSON");
    let blank = json["unread"].as_array().expect("scopes").iter();
    let blank = blank.filter(|scope| scope["read_at"].is_null()).count();
    assert_eq!((unread, blank > 0), (blank, true), "and those that nobody could read, too");
    assert!(text.contains("HYPERLINK"), "the text itself is there");
}

#[tokio::test]
async fn a_report_needs_nothing_but_itself_and_runs_nothing() {
    let lab = lab().await;
    let page = export(&lab, Format::Html).await;
    for text in [&page, &export(&lab, Format::Csv).await] {
        let odd = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
        assert_eq!(odd, None, "nothing that a terminal obeys, or that turns text around");
    }
    for harm in ["<script", "<img", "<link", "<iframe", "@import", "url("] {
        assert!(!page.contains(harm), "{harm} would load or run something");
    }
    let attribute = regex::Regex::new(r"<[a-z][^>]*\b(src|href|on\w+)\s*=").expect("a pattern");
    assert_eq!(attribute.find(&page).map(|it| it.as_str()), None, "nor would an attribute");
    assert!(page.contains("&lt;script&gt;"), "names are shown as they are, escaped");
    assert!(page.contains("default-src 'none'"), "and the page itself forbids the rest");
    for section in ["Integrations in use", "Matrix", "Overrides", "Drift", "Could not be read"] {
        assert!(page.contains(&format!("<h2>{section}</h2>")), "{section} is there");
    }
    for name in ["section", "table", "tbody", "tr", "td", "dl", "main", "body", "html"] {
        let opened =
            page.matches(&format!("<{name}>")).count() + page.matches(&format!("<{name} ")).count();
        assert_eq!(opened, page.matches(&format!("</{name}>")).count(), "every <{name}> is closed");
    }
    let (_, drift) = page.split_once("<h2>Drift</h2>").expect("a section");
    let changed = drift.split("<tr>").find(|line| line.contains("new &lt;script&gt;"));
    let changed = changed.expect("what changed, escaped");
    assert!(changed.contains("harm/project"), "where: {changed}");
    assert!(changed.contains("<del>&lt;script&gt;"), "and how it was: {changed}");
    assert!(changed.contains("not known"), "GitLab does not say who: {changed}");
    let jira = |line: &&str| line.contains("payments-api<") && line.contains("Jira");
    let line = page.split("<tr>").find(jira).expect("an override of the demo company");
    assert!(line.contains("jira-old.acme.example") && line.contains("acme/platform"), "{line}");
}

#[tokio::test]
async fn a_part_holds_what_is_below_a_scope_and_nothing_else() {
    let lab = lab().await;
    let group = lab.engine.find_scope(lab.id(), "acme/platform", None).await.expect("a group");
    let slug = "jira".parse().expect("a slug");
    let part = Part { below: Some(group.listed.key), slug: Some(slug) };
    let of = |part: Part, format| {
        let engine = lab.engine.clone();
        let id = lab.id();
        async move {
            let bytes = engine.export(id, part, format, Vec::new()).await.expect("an export");
            String::from_utf8(bytes).expect("UTF-8")
        }
    };
    let inside = |row: &&serde_json::Value| {
        let path = row["path"].as_str().unwrap_or_default();
        (path == "acme/platform" || path.starts_with("acme/platform/")) && row["slug"] == "jira"
    };
    let whole: serde_json::Value =
        serde_json::from_str(&of(Part::default(), Format::Json).await).expect("JSON");
    assert!(whole.get("part").is_none(), "the whole is no part");
    let there: serde_json::Value =
        serde_json::from_str(&of(part.clone(), Format::Json).await).expect("JSON");
    assert_eq!(there["part"]["below"], "acme/platform", "a part says that it is one");
    let expected: Vec<_> =
        whole["rows"].as_array().expect("rows").iter().filter(inside).cloned().collect();
    assert!(!expected.is_empty(), "there is something below it");
    assert_eq!(there["rows"].as_array(), Some(&expected), "the same rows as in the whole");
    let lines = of(part.clone(), Format::Csv).await;
    let lines = csv::Reader::from_reader(lines.as_bytes()).records().count();
    assert_eq!(lines, expected.len(), "in a spreadsheet too");
    let page = of(part, Format::Html).await;
    assert!(page.contains("Only <bdi>acme/platform</bdi>"), "a report says what it is about");
    assert!(!page.contains("harm") && !page.contains("acme/mobile"), "and tells of nothing else");
}
