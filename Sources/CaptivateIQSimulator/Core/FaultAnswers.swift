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
