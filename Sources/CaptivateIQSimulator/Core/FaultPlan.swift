/// Which requests go wrong, and how: by chance, by number, or by a given answer.
package struct FaultPlan: Equatable, Sendable {
    /// Probability, 0 to 1, of each kind for any request; together at most 1.
    var rates: [FaultKind: Double] = [:]
    /// Kinds by the number of the request, counted from 1 since the plan was set; these come before chance.
    var schedule: [Int: FaultKind] = [:]
    /// Ready answers by the number of the request; these come before everything else.
    package var answers: [Int: SimulatedResponse] = [:]

    /// Nothing goes wrong.
    package init() {}

    /// Reads specifications such as `502:0.2` (a rate) and `html200@3,7` (the third and the seventh request).
    ///
    /// Throws ``SimulatorConfigurationError`` for one that cannot be read, or rates that exceed 1 together.
    package init(specifications: [String]) throws(SimulatorConfigurationError) {
        for specification in specifications {
            try add(specification)
        }
        try validate()
    }

    private mutating func add(_ specification: String) throws(SimulatorConfigurationError) {
        let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
        let form = "KIND:RATE or KIND@NUMBER,NUMBER (not \"\(specification)\"), with KIND one of \(kinds)"
        let unreadable = SimulatorConfigurationError(setting: "--fault", rule: form)
        guard let mark = specification.firstIndex(where: { $0 == ":" || $0 == "@" }) else { throw unreadable }
        guard let kind = FaultKind(rawValue: specification[..<mark].lowercased()) else { throw unreadable }
        let value = specification[specification.index(after: mark)...]
        if specification[mark] == ":" {
            guard let rate = Double(value) else { throw unreadable }
            rates[kind] = rate
        } else {
            for number in value.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Int(number), number > 0 else { throw unreadable }
                schedule[number] = kind
            }
        }
    }

    func validate() throws(SimulatorConfigurationError) {
        let valid = rates.values.allSatisfy { (0...1).contains($0) } && rates.values.reduce(0, +) <= 1 + 1e-9
        try SimulatorConfiguration.require(valid, "--fault", "rates of 0 to 1, together at most 1")
    }

    /// What happens to request `number`; nil if nothing does.
    func fault(forRequest number: Int, _ random: inout SeededGenerator) -> FaultKind? {
        if let scheduled = schedule[number] { return scheduled }
        guard !rates.isEmpty else { return nil }
        var draw = random.unit()
        // One fixed order, so that a draw does not depend on hashing.
        for kind in FaultKind.allCases {
            let rate = rates[kind] ?? 0
            if draw < rate { return kind }
            draw -= rate
        }
        return nil
    }
}

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

extension FaultKind {
    /// What the fault makes of a request.
    ///
    /// - Parameters:
    ///   - ordinary: gives the answer without the fault, with or without its records; only asked where the fault
    ///     spoils an answer rather than replacing it.
    ///   - tooMany: gives the 429.
    func answer(
        _ random: inout SeededGenerator,
        ordinary: (_ withRecords: Bool) -> SimulatedResponse,
        tooMany: () -> SimulatedResponse
    ) -> SimulatedResponse {
        switch self {
        case .status500: .html(500, "<h1>Server Error (500)</h1>")
        case .status502: .html(502, FaultPage.gateway("502 Bad Gateway"))
        case .status503: .detail(503, "Service temporarily unavailable, try again later.")
        case .status504: .html(504, FaultPage.gateway("504 Gateway Time-out"))
        case .status429: tooMany()
        case .reset: Self.empty(.reset)
        case .timeout: Self.empty(.stall)
        case .truncate: Self.truncated(ordinary(true), &random)
        case .html200: .html(200, FaultPage.firewall)
        case .html403: .html(403, FaultPage.firewall)
        case .html503: .html(503, FaultPage.gateway("503 Service Unavailable"))
        case .notJSON: .json(200, #"{"object":"list","total_count":1,"next":null,"data":[{"id":"1",}"#)
        case .wrongShape: Self.wrongShape(&random)
        case .emptyPage: ordinary(false)
        case .redirect: Self.movedAway
        case .status401: .detail(401, "Invalid token.")
        case .status403: .detail(403, "You do not have permission to perform this action.")
        }
    }

    private static func empty(_ effect: SimulatedResponse.Effect) -> SimulatedResponse {
        var response = SimulatedResponse(status: 200)
        response.effect = effect
        return response
    }

    private static func truncated(
        _ response: SimulatedResponse, _ random: inout SeededGenerator
    ) -> SimulatedResponse {
        var response = response
        response.effect = .truncate(after: random.below(response.body.count))
        return response
    }

    private static func wrongShape(_ random: inout SeededGenerator) -> SimulatedResponse {
        let shapes = [
            #"{"object":"list","total_count":10,"next":null,"previous":null}"#,
            #"{"object":"list","total_count":"10","next":null,"previous":null,"data":[]}"#,
            #"{"object":"list","total_count":10,"next":null,"previous":null,"data":{}}"#,
            "[]", "null"
        ]
        return .json(200, shapes[random.below(shapes.count)])
    }

    private static var movedAway: SimulatedResponse {
        let location = SimulatedHeader("Location", "https://elsewhere.example/ciq/v1/audit-logs/")
        return SimulatedResponse(status: 302, headers: [location])
    }
}

/// Pages that machines in front of the API answer with.
enum FaultPage {
    static let firewall = """
        <!DOCTYPE html>
        <html><head><title>Attention Required!</title></head>
        <body><h1>Sorry, you have been blocked</h1><p>You are unable to access captivateiq.com</p></body></html>

        """

    static func gateway(_ title: String) -> String {
        """
        <html>
        <head><title>\(title)</title></head>
        <body><center><h1>\(title)</h1></center><hr><center>nginx</center></body>
        </html>

        """
    }
}
