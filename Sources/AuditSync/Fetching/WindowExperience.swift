/// What the windows read so far have shown about the API.
struct WindowExperience {
    /// Passes that were given up although most of the rows were still to come.
    var hopeless = 0
    /// Windows whose rows were not where the window before had them.
    var refutedOverlaps = 0
    /// Pages of the window that is being read.
    var pages = 0
    /// Pages of all windows.
    var pagesOfRun = 0
    /// How long the server's answers can be.
    var limits: ServerLimits
    /// What a person should know of them.
    var warnings: [String] = []

    /// The differences that were met between what the API counts and what it lists, in windows that can be divided.
    private(set) var metExcesses: Set<Int> = []
    /// Windows by how much more the API counts than it lists, where that was settled.
    private var miscounts: [Int: Int] = [:]
    /// The same of single days: their lists may be cut, and hide what a wider window with the same difference has.
    private var miscountsOfDays: [Int: Int] = [:]

    /// After so many windows were divided for one and the same difference, others with it are believed at once.
    private static let settledMiscounts = 2

    /// What windows of earlier runs have shown: by how much more the API counts than it lists, and how long its answers can
    /// be.
    init(miscounts: [Int] = [], limits: ServerLimits) {
        self.limits = limits
        self.miscounts = Dictionary(miscounts.map { ($0, Self.settledMiscounts) }) { first, _ in first }
    }

    /// The differences that need no further proof. `isOfDay`: in a window that cannot be divided.
    func settledExcesses(isOfDay: Bool) -> Set<Int> {
        let counts = isOfDay ? miscounts.merging(miscountsOfDays, uniquingKeysWith: +) : miscounts
        return Set(counts.filter { $0.value >= Self.settledMiscounts }.keys)
    }

    /// A window was settled in which the API counts so many more than it lists.
    mutating func recordExcess(_ excess: Int, isOfDay: Bool) {
        if isOfDay {
            miscountsOfDays[excess, default: 0] += 1
        } else {
            miscounts[excess, default: 0] += 1
            metExcesses.insert(excess)
        }
    }
}
