/// A self-signed certificate for `localhost` and 127.0.0.1, valid until 2126, and its key.
enum TestCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUGQOZyw3z9GYonUVPi2/l3MKVmGIwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA0MDk0N1oYDzIxMjYxMDMw
        MDQwOTQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATvh5E9dFqOw/CN/jNpAw+CSr/8aWde/2afz9oZjnWeVVfHUaIyDuvW
        q4ESBjKdpPEgqIMgh6Y0dct4hjetgikXo28wbTAdBgNVHQ4EFgQUWwFFg9YbCp9/
        Sbqy278v5vtCIwUwHwYDVR0jBBgwFoAUWwFFg9YbCp9/Sbqy278v5vtCIwUwGgYD
        VR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZI
        zj0EAwIDSAAwRQIgeHLbCky6Z+yBdABEHdUON4WsG/0pa4i3ciXfdVoqWncCIQDo
        ZIAhM5GHglmzYr3NkrkprGlFt5eCmhJ2a99217r/Rw==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1qOrLjQ0aJh95PHX
        +Ymhmgvhw8LbOvWpJYtBTLsdJpahRANCAATvh5E9dFqOw/CN/jNpAw+CSr/8aWde
        /2afz9oZjnWeVVfHUaIyDuvWq4ESBjKdpPEgqIMgh6Y0dct4hjetgikX
        -----END PRIVATE KEY-----
        """
}
