/// A way in which a request can go wrong.
package enum FaultKind: String, CaseIterable, Hashable, Sendable {
    case status500 = "500"
    case status502 = "502"
    case status503 = "503"
    case status504 = "504"
    /// 429 although no limit is exceeded.
    case status429 = "429"
    /// The connection is closed before the answer.
    case reset
    /// The connection is closed in the middle of the body.
    case truncate
    /// No answer ever comes.
    case timeout
    /// An HTML page with status 200.
    case html200
    /// The page of a web application firewall, with status 403.
    case html403
    /// An HTML page with status 503.
    case html503
    /// Status 200, `application/json`, and a body that is no JSON.
    case notJSON = "notjson"
    /// Status 200 and JSON of another shape: no `data`, or a `total_count` that is a string.
    case wrongShape = "wrongshape"
    /// Status 200 and no records, although there are some.
    case emptyPage = "emptypage"
    /// 302 to another host.
    case redirect
    /// 401 although the token is right.
    case status401 = "401"
    /// 403 as JSON: no permission.
    case status403 = "403"
}
