import ArgumentParser
import CaptivateIQSimulator

extension EventOrder: ExpressibleByArgument {}
extension NextStyle: ExpressibleByArgument {}
extension RetryAfterStyle: ExpressibleByArgument {}
extension WhitespaceStyle: ExpressibleByArgument {}
extension NextRule: ExpressibleByArgument {}
extension TotalMode: ExpressibleByArgument {}
extension DoubledRows: ExpressibleByArgument {}
extension FilterChange: ExpressibleByArgument {}
extension SummerTime: ExpressibleByArgument {}

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

    @Option(
        help: ArgumentHelp(
            "What total_count says: exact, page, running, capped:N, plus:N, minus:N or zero.",
            discussion: "page counts this page's rows, running those up to its end.", valueName: "mode"))
    var total = TotalMode.exact

    @Option(help: ArgumentHelp("Whether \"next\" goes by the list or by the stated total_count.", valueName: "rule"))
    var nextFrom = NextRule.list

    @Option(help: "List no row at this offset and beyond, without a word.")
    var maxOffset: Int?

    @Option(
        help: ArgumentHelp(
            "List this many rows twice; with :far half a list apart, with :uncounted once in total_count.",
            valueName: "rows"))
    var doubled: DoubledRows?

    @Option(help: "List so many pages in turn for ever, whatever the offset.")
    var pageCycle: Int?

    @Flag(help: "Write each event's members in another order in each answer.")
    var shuffleMembers = false

    @Flag(help: "end_date names the first day that does not count.")
    var endDateExclusive = false

    @Option(help: "Zone whose midnights the date filters mean, in minutes east of UTC.")
    var filterOffsetMinutes = 0

    @Option(
        help: ArgumentHelp(
            "Another such zone from a request or time on, such as 330@12 or -60@2026-10-25T01:00:00Z; may be repeated.",
            valueName: "minutes@when"))
    var filterChange: [FilterChange] = []

    @Option(
        help: ArgumentHelp(
            "Days whose midnights lie earlier, such as 2026-03-29/2026-10-25:60.", valueName: "first/end:minutes"))
    var summerTime: SummerTime?

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
        listing.totalMode = total
        listing.nextRule = nextFrom
        listing.maxOffset = maxOffset
        listing.doubled = doubled
        listing.pageCycle = pageCycle
        listing.shufflesMembers = shuffleMembers
        listing.endDateInclusive = !endDateExclusive
        listing.filterOffsetMinutes = filterOffsetMinutes
        listing.filterChanges = filterChange
        listing.summerTime = summerTime
        listing.honorsOrdering = honorOrdering
        listing.whitespace = whitespace
        return listing
    }
}
