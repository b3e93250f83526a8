import ArgumentParser
import CaptivateIQSimulator

/// Options that say which events there are.
struct PopulationOptions: ParsableArguments {
    @Option(help: "Number of events at the start.")
    var events = 20_000

    @Option(help: "Days they are spread over.")
    var days = 30

    @Option(help: "Seed of the events, orders and faults.")
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Time of the newest event (RFC 3339, or a date); default: one second ago.", valueName: "time"))
    var until: String?

    @Option(help: "Organization of the events.")
    var organizationID = "org_123456"

    @Option(help: "Name of the organization.")
    var organizationName = "Acme Corp"

    @Option(help: "Share (0 to 1) of events that name another organization.")
    var foreignShare = 0.0

    @Option(
        help: ArgumentHelp(
            "Share of odd records, such as no-id:0.01; may be repeated.",
            discussion: "Kinds: \(OddRecord.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kind:share"
        ))
    var odd: [String] = []

    @Option(help: "Share of events whose content differs from the second time they are served.")
    var changedShare = 0.0

    @Option(help: "Share of events that become visible only some time after their created_at.")
    var delayedShare = 0.0

    @Option(help: "The longest such delay, in hours.")
    var delayedHours = 20.0

    @Flag(help: "Let texts hold escapes of half a surrogate pair.")
    var loneSurrogates = false

    func settings() throws -> SimulatorConfiguration.Population {
        var population = SimulatorConfiguration.Population()
        population.count = events
        population.days = days
        population.seed = seed
        population.until = try until.map(Self.time)
        population.changedShare = changedShare
        population.delayedShare = delayedShare
        population.delayedHours = delayedHours
        population.traits.organizationID = organizationID
        population.traits.organizationName = organizationName
        population.traits.foreignShare = foreignShare
        population.traits.oddShares = try oddShares()
        population.traits.loneSurrogates = loneSurrogates
        return population
    }

    private static func time(_ text: String) throws -> Int64 {
        guard let time = TimestampText.parse(text) else {
            throw ValidationError("--until must be a time such as 2026-11-22T23:59:59Z (not \"\(text)\")")
        }
        return time
    }

    private func oddShares() throws -> [OddRecord: Double] {
        var shares: [OddRecord: Double] = [:]
        for specification in odd {
            let parts = specification.split(separator: ":")
            guard parts.count == 2, let kind = OddRecord(rawValue: String(parts[0])), let share = Double(parts[1])
            else {
                throw ValidationError("--odd must be KIND:SHARE, such as no-id:0.01 (not \"\(specification)\")")
            }
            shares[kind] = share
        }
        return shares
    }
}
