//! GitLab's `Link` header.

use reqwest::header::{HeaderMap, LINK};
use url::Url;

/// The query of the next page. Host and path in a `Link` come from the server's configuration and
/// may be another server's (contract, section 6), so they are never used.
pub(crate) fn next_query(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|value| value.split(',')).find_map(|link| {
        let (target, attributes) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = attributes
            .split(';')
            .any(|attribute| matches!(attribute.trim(), "rel=\"next\"" | "rel=next"));
        if !is_next {
            return None;
        }
        // Relative targets are allowed by the header's own rules.
        let anywhere = Url::parse("http://localhost/").ok()?;
        anywhere.join(target).ok()?.query().map(str::to_owned)
    })
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue, LINK};

    use super::next_query;

    fn query(link: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.append(LINK, HeaderValue::from_static(link));
        next_query(&headers)
    }

    #[test]
    fn takes_the_query_of_the_next_page_and_nothing_else() {
        assert_eq!(
            query("<https://elsewhere.test/x?id_after=5&per_page=100>; rel=\"next\"").as_deref(),
            Some("id_after=5&per_page=100"),
            "the host and the path are left behind"
        );
        assert_eq!(
            query(
                "<https://a.test/?page=1>; rel=\"first\", <https://a.test/?page=3>; rel=\"next\""
            )
            .as_deref(),
            Some("page=3"),
            "the one that says next"
        );
    }

    #[test]
    fn no_next_page_is_no_next_page() {
        for link in ["<https://a.test/?page=1>; rel=\"prev\"", "nonsense", "<", "<x>; rel=\"next\""]
        {
            assert_eq!(query(link), None, "“{link}” names no next page");
        }
        assert_eq!(next_query(&HeaderMap::new()), None, "no header at all");
    }
}
