import ArgumentParser
import CaptivateIQSimulator

/// Options that say how fast answers come, how many are allowed, and what the clock says.
struct PacingOptions: ParsableArguments {
    @Option(help: "Milliseconds each answer takes.")
    var latencyMs = 0

    @Option(help: "Microseconds each record of an answer takes.")
    var latencyPerRecordUs = 0

    @Option(help: "Requests allowed in any second; default: no limit.")
    var requestsPerSecond: Int?

    @Option(help: "Requests allowed in any hour; default: no limit.")
    var requestsPerHour: Int?

    @Option(help: "Retry-After of a 429.")
    var retryAfter = RetryAfterStyle.none

    @Option(help: "Answer 502 to a request for more records than this.")
    var gatewayTimeoutAbove: Int?

    @Option(help: "Seconds by which the simulator's clock is ahead (negative: behind).")
    var clockOffsetSeconds = 0

    /// In microseconds; the largest value there is if it does not fit, which validation then refuses.
    var clockOffset: Int64 {
        let (product, overflow) = Int64(clockOffsetSeconds).multipliedReportingOverflow(by: CivilTime.second)
        return overflow ? .max : product
    }

    func settings() -> SimulatorConfiguration.Pacing {
        var pacing = SimulatorConfiguration.Pacing()
        pacing.latency = .milliseconds(latencyMs)
        pacing.latencyPerRecord = .microseconds(latencyPerRecordUs)
        pacing.requestsPerSecond = requestsPerSecond
        pacing.requestsPerHour = requestsPerHour
        pacing.retryAfter = retryAfter
        pacing.gatewayTimeoutAbove = gatewayTimeoutAbove
        return pacing
    }
}
