/// What the state of an archive comes to, in one word. The first that holds, in the order of the cases.
package enum Verdict: String, CaseIterable, Sendable {
    /// A file that the manifest names is missing or has another size.
    case damaged = "DAMAGED"
    /// The last three runs failed, or the same times did not add up twice.
    case stuck = "STUCK"
    /// Something from before the look-back is still to be read, or a compared day differs.
    case incomplete = "INCOMPLETE"
    /// No sync succeeded for too long.
    case late = "LATE"
    /// None of these.
    case ok = "OK"

    /// So many failures one after the other are no passing trouble.
    static let failuresThatMeanStuck = 3
}
