use std::sync::Arc;

use heirloom_gitlab::{Client, ClientOptions, Problem, SetupError};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::support::{Raw, TOKEN, client_at, problem_of_user, quick};

/// A server with a certificate for one name, made for this run. Gives its address and the
/// certificate.
async fn server_for(name: &str) -> (String, Vec<u8>) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("a TLS configuration");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://localhost:{}", listener.local_addr().expect("an address").port());
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut socket) = acceptor.accept(socket).await else { return };
                let mut request = vec![0; 8192];
                let _ = socket.read(&mut request).await;
                let body = r#"{"id":1,"username":"root"}"#;
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = socket.write_all(answer.as_bytes()).await;
                let _ = socket.shutdown().await;
            });
        }
    });
    (url, cert.pem().into_bytes())
}

fn trusting(pem: &[u8]) -> ClientOptions {
    ClientOptions { ca_pem: Some(pem.to_vec()), ..quick() }
}

#[tokio::test]
async fn an_untrusted_certificate_is_refused_with_the_way_out() {
    let (url, _) = server_for("localhost").await;
    let client = client_at(&url, quick());
    let error = client.current_user().await.expect_err("nobody trusts this certificate");
    let text = error.to_string();
    assert!(matches!(error.problem, Problem::Tls { .. }), "{text}");
    assert!(text.contains("does not trust"), "the reason is said: {text}");
    assert!(text.contains("certificate authority"), "the way out is said: {text}");
    assert!(!error.is_offline(), "the server is there: offline would be the wrong hint");
    assert_eq!(client.request_counts().total, 1, "asking again would not help");
}

#[tokio::test]
async fn an_own_certificate_authority_is_trusted_for_this_connection() {
    let (url, pem) = server_for("localhost").await;
    let user = client_at(&url, trusting(&pem)).current_user().await.expect("a trusted server");
    assert_eq!(user.username, "root", "the answer came through");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused_all_the_same() {
    let (url, pem) = server_for("gitlab.example.com").await;
    let problem = problem_of_user(&client_at(&url, trusting(&pem))).await;
    let Problem::Tls { detail } = problem else { panic!("not a TLS problem: {problem:?}") };
    assert!(detail.contains("another name"), "{detail}");
}

#[tokio::test]
async fn https_to_a_server_without_tls_says_so() {
    let server = Raw::answering("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let url = server.url.replace("http://", "https://");
    let problem = problem_of_user(&client_at(&url, quick())).await;
    let Problem::Tls { detail } = problem else { panic!("not a TLS problem: {problem:?}") };
    assert!(detail.contains("does not speak TLS"), "{detail}");
}

#[test]
fn a_file_that_is_no_certificate_is_refused_at_once() {
    for pem in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let base = "https://gitlab.example.com".parse().expect("an address");
        let made = Client::new(base, &SecretString::from(TOKEN), trusting(pem.as_bytes()));
        assert!(
            matches!(made, Err(SetupError::Certificate(_))),
            "{pem:?} should be refused, not be ignored: {made:?}"
        );
    }
}
