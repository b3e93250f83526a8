/// What the client has to know about the API besides the token.
package struct APISettings: Sendable {
    /// Where the API is.
    package var baseURL: BaseURL
    /// The tier's limit in any second; at least 1.
    package var requestsPerSecond: Int
    /// The tier's limit in any hour; at least 1.
    package var requestsPerHour: Int
    /// The program's version, for the `User-Agent` header.
    package var version: String

    /// Settings for one API; the limits' defaults are those of the vendor's standard tier.
    package init(
        baseURL: BaseURL, requestsPerSecond: Int = 5, requestsPerHour: Int = 1500, version: String = "dev"
    ) {
        self.baseURL = baseURL
        self.requestsPerSecond = max(1, requestsPerSecond)
        self.requestsPerHour = max(1, requestsPerHour)
        self.version = version
    }

    /// As above with the base URL as text.
    ///
    /// - Throws: `BaseURLError` when `baseURL` breaks a rule of `BaseURL`.
    package init(
        baseURL: String, requestsPerSecond: Int = 5, requestsPerHour: Int = 1500, version: String = "dev"
    ) throws(BaseURLError) {
        self.init(
            baseURL: try BaseURL(baseURL), requestsPerSecond: requestsPerSecond, requestsPerHour: requestsPerHour,
            version: version)
    }
}
