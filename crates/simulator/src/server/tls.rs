//! TLS with certificates made at each start.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;

use crate::config::Tls;

/// Why no certificate could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("a certificate could not be made")]
    Certificate(#[from] rcgen::Error),
    #[error("TLS could not be set up")]
    Rustls(#[from] tokio_rustls::rustls::Error),
}

/// A server certificate with the private authority that signed it.
pub(crate) struct Identity {
    pub acceptor: TlsAcceptor,
    /// The authority's certificate, which a client has to be told to trust.
    pub ca_pem: String,
}

/// Makes what a kind of TLS needs; nothing for plain http.
pub(crate) fn identity(tls: Tls) -> Result<Option<Identity>, TlsError> {
    let names = match tls {
        Tls::Off => return Ok(None),
        Tls::PrivateCa => vec!["127.0.0.1", "localhost"],
        Tls::WrongName => vec!["gitlab.wrong.example", "wrong.example"],
        Tls::Named(name) => vec![name],
    };
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, "Simulator's private authority");
    let authority_key = KeyPair::generate()?;
    let ca_pem = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate()?;
    let leaf = CertificateParams::new(names.into_iter().map(str::to_owned).collect::<Vec<_>>())?
        .signed_by(&key, &issuer)?;
    let secret = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], secret.into())?;
    Ok(Some(Identity { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem }))
}
