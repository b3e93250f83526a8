/// A self-signed certificate for `localhost`, `api.test` and 127.0.0.1, valid until 2126, and its key.
package enum TestCertificate {
    /// The certificate, in PEM.
    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBpjCCAUugAwIBAgIUUyuOsZ9XkB0WUWAWMw+Q+Av0A/UwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzExNDIxNVoYDzIxMjYxMDMw
        MTE0MjE1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAT4Ln5peHhDQjBZiDzouCdx2E7rSivm9er0K88s30/6Or89k5fKwhzh
        DgR4Xx6kfVPJT41g44P3pY/CN2ItlD/To3kwdzAdBgNVHQ4EFgQUFeBglLwNl5XH
        sVheqIGQddF/FzIwHwYDVR0jBBgwFoAUFeBglLwNl5XHsVheqIGQddF/FzIwDwYD
        VR0TAQH/BAUwAwEB/zAkBgNVHREEHTAbgglsb2NhbGhvc3SCCGFwaS50ZXN0hwR/
        AAABMAoGCCqGSM49BAMCA0kAMEYCIQCe1G8H39En10PB+zAeB+VlbD8p9kV7fIE+
        zZJ44TY02AIhAKanNYtY1xk9GJ0bAjYtTJUl/XNSn9+m6A2CfJWcKDur
        -----END CERTIFICATE-----
        """

    /// Its key, in PEM.
    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMwp4HCH2lwvHJlZp
        9RDWLDpyGy8H6sUIoU83dV/rWW2hRANCAAT4Ln5peHhDQjBZiDzouCdx2E7rSivm
        9er0K88s30/6Or89k5fKwhzhDgR4Xx6kfVPJT41g44P3pY/CN2ItlD/T
        -----END PRIVATE KEY-----
        """
}
