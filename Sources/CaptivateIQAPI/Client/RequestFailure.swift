/// Why a request failed, in words for the user.
struct RequestFailure: Sendable, Equatable {
    /// The kind of error if nothing better comes.
    var kind: APIError.Kind
    /// What failed, without a full stop.
    var summary: String
    /// What to do next.
    var hint: String
    /// The answer, where it was to be JSON and is not.
    var malformed: MalformedBody?
    /// How long the server asks to wait before the next try.
    var retryAfter: Duration?

    /// Returns the error for a request of `url` that was given up. Its summary names `tries` if there were several.
    func error(url: String, tries: Int) -> APIError {
        let told = tries > 1 ? "after \(tries) tries, \(summary)" : summary
        return APIError(kind: kind, summary: told, url: url, hint: hint, malformed: malformed)
    }
}

/// What to do next, for each kind of failure. The most frequent causes come first.
enum Hint {
    static let later = "Run it again later; see the vendor's status page if it goes on."

    static let connection = """
        Check that this machine reaches the address (name resolution, firewall, HTTPS_PROXY) and that base_url is \
        right; if it does, run it again later.
        """

    static let unknownAuthority = """
        If a proxy or firewall on the way inspects TLS, give its certificate authority as ca_file (PEM); else \
        check base_url and this machine's package of root certificates (ca-certificates).
        """

    static let selfSigned = """
        If it is the certificate of your own proxy or firewall, give it as ca_file (PEM); else something answers in the \
        API's place: check base_url.
        """

    static let expired = """
        Whoever runs that server has to renew it. Check this machine's date too (date -u), and base_url.
        """

    static let notYetValid = "This machine's date is probably behind: check it (date -u)."

    static let otherHost = """
        Check the host in base_url. If it is right, something answers in the API's place: a proxy, a firewall or a \
        login page of the network.
        """

    static let oldTLS = """
        Older versions are refused, since they do not protect the token. Check base_url, and whether a proxy or \
        firewall on the way speaks in the API's place; whoever runs it has to update it.
        """

    static let resources = "Raise the limit of open files (ulimit -n, or LimitNOFILE= in a systemd unit) and run again."

    static let cache = """
        That answer is for those who have asked before. A cache between here and the API gives it: have this address \
        left out there, or check base_url.
        """

    static let proxy = "Check HTTPS_PROXY, and NO_PROXY if the proxy is not meant for this address."

    static let proxyAuthentication = "Give them in HTTPS_PROXY as http://user:password@host:port."

    static let proxyCredentials = """
        Check both in HTTPS_PROXY (a character such as @, : or % has to be written as %40, %3A, %25), and whether the \
        account is locked.
        """

    static let tooLarge = """
        Check base_url: something between here and the API may answer in its place. If single events really are that \
        large, raise max_response_size, or lower page_size.
        """

    static let token = """
        Usual causes: white space copied along with the token; the token has expired or was revoked; it belongs to \
        another environment or base_url; it was copied incompletely. If in doubt, create a new token (profile \
        settings, API Tokens).
        """

    static let permission = """
        Usual causes: API access is not enabled for the account; audit logging is not enabled, or needs a higher \
        plan; the token's user may not see audit logs.
        """

    static let firewall = """
        The answer is an HTML page, so it comes from a web application firewall and not from the API: ask \
        CaptivateIQ's support (or whoever runs your network's proxy) to allow this machine's address.
        """

    static let permissionOrFirewall = permission + " It may also be a firewall: is this machine's address allowed?"

    static let unusable = """
        Check base_url; if it is right, something between here and the API answers in its place, or the API has \
        changed.
        """

    static let malformed = """
        A record that is not JSON is the vendor's to mend: tell CaptivateIQ's support which place it is.
        """

    static let html = """
        An HTML page where JSON was expected usually is a firewall's, a proxy's or a login page: check base_url, and \
        ask for this machine's address to be allowed.
        """

    static let redirect = "Redirects are never followed, since the token would go along; base_url is likely wrong."

    static let rateLimited = """
        Progress is kept and the next run goes on. Does another program use up the limits of this organization? \
        requests_per_second and requests_per_hour can be lowered.
        """
}
