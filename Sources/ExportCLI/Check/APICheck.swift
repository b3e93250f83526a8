import AuditArchive
import AuditSync
import CaptivateIQAPI
import CivilTime
import SystemPackage

/// Asks the API, with a few small requests, for what a sync needs of it.
struct APICheck {
    /// A clock that is further off makes syncs look at the wrong times.
    private static let mostSkew: Duration = .seconds(60)

    private let client: APIClient
    private let configuration: SyncConfiguration
    private let clock: any TimeSource
    private let manifest: Manifest?
    private let layout: ArchiveLayout
    private let fileSystem: any FileSystem

    /// A check of the API for the archive at `layout`, which has this manifest, if any.
    init(
        _ configuration: SyncConfiguration, _ context: ProgramContext, client: APIClient, manifest: Manifest?,
        layout: ArchiveLayout
    ) {
        self.configuration = configuration
        self.client = client
        clock = context.clock
        self.manifest = manifest
        self.layout = layout
        fileSystem = context.fileSystem
    }

    /// Tries one thing after the other; where the first request fails, there is nothing else to try. `requestsLeft`: how many
    /// the hourly limit still allows. `estimates`: whether to find out what the next sync would cost.
    func run(requestsLeft: Int, estimates: Bool) async -> CheckReport {
        var report = CheckReport()
        let start = clock.uptime()
        do {
            let page = try await client.page(PageRequest(query: EventQuery(), offset: 0, limit: 1))
            let latency = clock.uptime() - start
            let now = clock.now()
            report.lines.append(await organization())
            report.lines.append(
                CheckLine(
                    "API", .ok,
                    "\(configuration.api.baseURL) answers in \(Units.duration(latency)), and shows "
                        + "\(Units.count(page.totalCount, "event"))"))
            report.lines.append(Self.clock(page.serverDate, now))
            report.lines.append(rateTier(requestsLeft))
            if estimates { await estimate(requestsLeft, latency, total: page.totalCount, &report) }
        } catch {
            report.lines.append(Self.line("API", error))
            report.lines.append(rateTier(requestsLeft))
        }
        report.requests = await client.statistics().requests
        return report
    }

    /// Whose the token is.
    private func organization() async -> CheckLine {
        let name = "organization"
        do {
            let all = try await client.organizations()
            let text = all.map { "\($0.name) (\($0.id))" }.joined(separator: ", ")
            guard let own = manifest?.organization else {
                return all.isEmpty ? CheckLine(name, .warning, "the API names none") : CheckLine(name, .ok, text)
            }
            guard all.isEmpty || all.contains(where: { $0.id == own.id }) else {
                return CheckLine(
                    name,
                    Failure(
                        .damaged, "the archive belongs to organization \(own.id), and the token to \(text)",
                        at: layout.root.string,
                        hints: ["Use another archive for this token, or the token that belongs to it."]))
            }
            return all.isEmpty ? CheckLine(name, .warning, "the API names none") : CheckLine(name, .ok, text)
        } catch {
            // A sync learns it from the events.
            return CheckLine(name, .warning, "the API does not say whose the token is: \(error.summary)")
        }
    }

    private static func clock(_ serverDate: Timestamp?, _ now: Timestamp) -> CheckLine {
        guard let serverDate else { return CheckLine("clock", .warning, "the API does not say what time it is") }
        let skew = now - serverDate
        let size = skew < .zero ? .zero - skew : skew
        guard size > mostSkew else { return CheckLine("clock", .ok, "agrees with the API's within a minute") }
        return CheckLine(
            "clock", .warning,
            "is \(Units.duration(size)) \(skew > .zero ? "ahead of" : "behind") the API's; set it, best by NTP")
    }

    private func rateTier(_ left: Int) -> CheckLine {
        let (perSecond, perHour) = (configuration.api.requestsPerSecond, configuration.api.requestsPerHour)
        let tier = RateTier.allCases.first { $0.requestsPerSecond == perSecond && $0.requestsPerHour == perHour }
        let text =
            "\(tier?.rawValue ?? "own limits"): \(Units.count(perSecond, "request"))/s and \(Units.count(perHour))/h, "
            + "\(Units.count(left)) left in this hour"
        return CheckLine("rate tier", left > 0 ? .ok : .warning, text)
    }

    /// What the next sync would cost.
    private func estimate(_ left: Int, _ latency: Duration, total: Int, _ report: inout CheckReport) async {
        let estimate: SyncEstimate
        do {
            estimate = try await SyncEstimate.make(
                configuration.sync, manifest: manifest, layout: layout, fileSystem: fileSystem, client: client,
                now: clock.now())
        } catch {
            report.lines.append(Self.line("next sync", error))
            return
        }
        let cost = SyncCost(
            estimate: estimate, duration: duration(of: estimate.requests, left, latency),
            hours: Double(estimate.requests) / Double(configuration.api.requestsPerHour))
        report.cost = cost
        report.lines += estimate.warnings.map { CheckLine("next sync", .warning, $0) }
        guard let from = estimate.from else {
            report.lines.append(
                CheckLine(
                    "next sync", .warning,
                    "begins the archive now and fetches none of the \(Units.count(total, "event")) that the API has: set "
                        + "backfill_start_time to fetch past ones"))
            return
        }
        let events = Units.count(estimate.events, estimate.isExact ? "new event" : "event")
        report.lines.append(
            CheckLine(
                "next sync", .ok,
                "reads from \(Units.moment(from)) on, \(events) by the API's count: about "
                    + "\(Units.count(estimate.requests, "request")), \(Units.duration(cost.duration)), "
                    + "\(Self.hours(cost.hours)) of the hourly limit"))
    }

    /// How long so many requests take: by the limits, or by the time of the answers where that is longer.
    private func duration(of requests: Int, _ left: Int, _ latency: Duration) -> Duration {
        let side = max(1, min(configuration.sync.concurrency, requests))
        let byLimit = Duration.seconds(requests / configuration.api.requestsPerSecond)
        let atOnce = max(byLimit, latency * (requests / side + (requests % side > 0 ? 1 : 0)))
        guard requests > left else { return atOnce }
        let hours = (requests - left + configuration.api.requestsPerHour - 1) / configuration.api.requestsPerHour
        return max(atOnce, .seconds(3600) * hours)
    }

    private static func hours(_ hours: Double) -> String {
        let hundredths = Int((min(hours, 1e9) * 100).rounded(.up))
        let decimals = hundredths % 100
        return "\(Units.count(hundredths / 100)).\(decimals < 10 ? "0" : "")\(decimals) hours"
    }

    /// A failure of the API; that a limit is used up is none, for a sync waits.
    private static func line(_ name: String, _ error: APIError) -> CheckLine {
        error.kind == .rateLimited ? CheckLine(name, .warning, error.summary) : CheckLine(name, Failure(error))
    }
}
