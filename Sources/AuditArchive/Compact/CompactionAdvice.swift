/// Recommends a compaction where an archive has so many files that each sync and each query pays for them.
package struct CompactionAdvice: Sendable, Equatable {
    /// More files than these are many: a sync that finds nothing reads a manifest of 7 MB then.
    static let manyFiles = 20_000

    /// How many files there are.
    package let files: Int

    /// How many of them a compaction would leave, if none of the merged dates takes several.
    package let filesAfterwards: Int

    /// Looks at a manifest; `nil` where there are few files, or none that a compaction would merge.
    package init?(_ manifest: Manifest) {
        guard manifest.files.count > Self.manyFiles else { return nil }
        let plan = CompactionPlan(manifest)
        guard plan.files > 0 else { return nil }
        files = manifest.files.count
        filesAfterwards = files - plan.files + plan.dates.count
    }
}
