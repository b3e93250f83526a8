import ArgumentParser
import CaptivateIQSimulator

/// Options that say what changes between one request and the next.
struct MotionOptions: ParsableArguments {
    @Option(help: "New events before each request but the first.")
    var arrivalsPerRequest = 0

    @Option(help: "Share of the new events that are dated some hours back.")
    var lateShare = 0.0

    @Option(help: "How far back at most, in hours.")
    var lateHours = 20.0

    @Option(help: "How many neighbours among the new events share one created_at.")
    var ties = 1

    @Option(help: "Oldest events removed before each request but the first.")
    var purgesPerRequest = 0

    func settings() -> SimulatorConfiguration.Motion {
        var motion = SimulatorConfiguration.Motion()
        motion.arrivalsPerRequest = arrivalsPerRequest
        motion.lateShare = lateShare
        motion.lateHours = lateHours
        motion.ties = ties
        motion.purgesPerRequest = purgesPerRequest
        return motion
    }
}

/// Options that say what goes wrong.
struct FaultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What goes wrong, by probability (502:0.2) or by request number (html200@3,7); may be repeated.",
            discussion: "Kinds: \(FaultKind.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "specification"))
    var fault: [String] = []

    func settings() throws -> FaultPlan {
        try FaultPlan(specifications: fault)
    }
}
