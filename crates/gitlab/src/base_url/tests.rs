use super::{BadUrl, BaseUrl, PlainHttp};

fn parsed(text: &str) -> String {
    BaseUrl::parse(text, PlainHttp::LoopbackOnly)
        .unwrap_or_else(|why| panic!("{text} should be an address: {why}"))
        .to_string()
}

fn refused(text: &str) -> BadUrl {
    BaseUrl::parse(text, PlainHttp::LoopbackOnly).expect_err("this address should be refused")
}

#[test]
fn tidies_what_people_type() {
    for (typed, meant) in [
        ("https://gitlab.example.com", "https://gitlab.example.com"),
        ("  https://GitLab.Example.com/ ", "https://gitlab.example.com"),
        ("gitlab.example.com", "https://gitlab.example.com"),
        ("https://example.com/gitlab/", "https://example.com/gitlab"),
        ("https://example.com/tools/gitlab/api/v4/", "https://example.com/tools/gitlab"),
        ("https://gitlab.example.com/api/v4", "https://gitlab.example.com"),
        ("https://gitlab.example.com:443", "https://gitlab.example.com"),
        ("https://gitlab.example.com:8443", "https://gitlab.example.com:8443"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("http://localhost", "http://localhost"),
    ] {
        assert_eq!(parsed(typed), meant, "“{typed}” means one server");
    }
}

#[test]
fn a_name_and_a_path_that_only_look_like_the_api_stay() {
    assert_eq!(
        parsed("https://example.com/my/api/v4x"),
        "https://example.com/my/api/v4x",
        "only a whole /api/v4 at the end is cut"
    );
}

#[test]
fn refuses_what_would_leak_or_mislead() {
    assert_eq!(refused(""), BadUrl::Empty, "nothing typed");
    assert_eq!(refused("https://me:pw@example.com"), BadUrl::UserInfo, "credentials in the URL");
    assert_eq!(refused("https://me@example.com"), BadUrl::UserInfo, "a user name alone counts");
    assert_eq!(refused("https://example.com/?a=1"), BadUrl::QueryOrFragment, "a query");
    assert_eq!(refused("https://example.com/#x"), BadUrl::QueryOrFragment, "a fragment");
    assert_eq!(refused("ftp://example.com"), BadUrl::Scheme("ftp".to_owned()), "not the web");
    assert!(matches!(refused("https://"), BadUrl::NotAUrl(_)), "no host");
    assert!(matches!(refused("https://exa mple.com"), BadUrl::NotAUrl(_)), "no such host name");
}

#[test]
fn plain_http_needs_consent_beyond_this_computer() {
    for host in ["gitlab.example.com", "10.0.0.5", "localhost.example.com", "[2001:db8::1]"] {
        let text = format!("http://{host}");
        assert!(matches!(refused(&text), BadUrl::PlainHttp(_)), "{text} leaves this computer");
        assert!(
            BaseUrl::parse(&text, PlainHttp::Allowed).is_ok(),
            "{text} is taken once the person agreed"
        );
    }
}

#[test]
fn segments_are_encoded_one_by_one() {
    let base: BaseUrl = "https://example.com/gitlab".parse().expect("an address");
    assert_eq!(
        base.api(["groups", "a/b c?d#e%", "integrations"]).as_str(),
        "https://example.com/gitlab/api/v4/groups/a%2Fb%20c%3Fd%23e%25/integrations",
        "a path used as an id is one segment, and nothing in it can end the path"
    );
    let root: BaseUrl = "https://example.com".parse().expect("an address");
    assert_eq!(root.api(["user"]).as_str(), "https://example.com/api/v4/user", "no double slash");
}

#[test]
fn origin_is_scheme_host_and_port() {
    let base: BaseUrl = "https://example.com/gitlab".parse().expect("an address");
    let same = |text: &str| base.same_origin(&text.parse().expect("a URL"));
    assert!(same("https://example.com/other"), "the path is not part of the origin");
    assert!(same("https://example.com:443/"), "443 is what https means");
    assert!(!same("http://example.com/gitlab"), "another scheme");
    assert!(!same("https://example.com:444/gitlab"), "another port");
    assert!(!same("https://example.com.evil.test/gitlab"), "another host");
}
