import ArgumentParser
import CaptivateIQSimulator

extension EventOrder: ExpressibleByArgument {}
extension NextStyle: ExpressibleByArgument {}
extension RetryAfterStyle: ExpressibleByArgument {}
extension WhitespaceStyle: ExpressibleByArgument {}

/// Options that say how lists are cut, ordered and described.
struct ListingOptions: ParsableArguments {
    @Option(help: "Order of lists.")
    var order = EventOrder.ascending

    @Option(help: "Records in a page when the request names no limit.")
    var defaultLimit = 50

    @Option(help: "Cut a larger limit to this, without a word.")
    var limitCap = 1_000

    @Option(help: "What stands in \"next\".")
    var nextStyle = NextStyle.absolute

    @Option(help: "Added to total_count: a lying total.")
    var totalOffset = 0

    @Flag(help: "end_date names the first day that does not count.")
    var endDateExclusive = false

    @Option(help: "Zone whose midnights the date filters mean, in minutes east of UTC.")
    var filterOffsetMinutes = 0

    @Flag(help: "Obey ordering=created_at and -created_at.")
    var honorOrdering = false

    @Option(help: "Insignificant white space of answers.")
    var whitespace = WhitespaceStyle.compact

    func settings() -> SimulatorConfiguration.Listing {
        var listing = SimulatorConfiguration.Listing()
        listing.order = order
        listing.defaultLimit = defaultLimit
        listing.limitCap = limitCap
        listing.nextStyle = nextStyle
        listing.totalOffset = totalOffset
        listing.endDateInclusive = !endDateExclusive
        listing.filterOffsetMinutes = filterOffsetMinutes
        listing.honorsOrdering = honorOrdering
        listing.whitespace = whitespace
        return listing
    }
}
