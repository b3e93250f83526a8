package import JSONText
import SystemPackage

/// What a manifest says that its data files cannot tell, kept beside it so that a lost manifest can be rebuilt without
/// asking the API for everything again.
package struct ManifestFacts: Equatable, Sendable {
    /// The manifest's generation.
    package var generation: Int
    /// Events before this are not wanted.
    package var startTimestamp: Timestamp
    /// Event times that are still to be walked.
    package var pending: TimeRanges
    /// Whose events these are, if that is known.
    package var organization: ArchiveOrganization?

    /// What `manifest` says.
    init(_ manifest: Manifest) {
        generation = manifest.generation
        startTimestamp = manifest.startTimestamp
        pending = manifest.pending
        organization = manifest.organization
    }
}

extension ManifestFacts {
    /// The text of the hint's file.
    package func encoded() -> [UInt8] {
        let ranges = pending.ranges.map { "{\"from\": \"\($0.from)\", \"to\": \"\($0.to)\"}" }.joined(separator: ", ")
        let tenant = organization.map {
            "{\"id\": \(JSONOutput.quoted($0.id)), \"name\": \(JSONOutput.quoted($0.name))}"
        }
        return Array(
            """
            {"generation": \(generation), "start_timestamp": "\(startTimestamp)", "pending": [\(ranges)], \
            "organization": \(tenant ?? "null")}

            """.utf8)
    }

    /// Reads the hint's file; `nil` if it cannot be made sense of.
    package init?(decoding bytes: [UInt8]) {
        var generation: Int?
        var start: String?
        var pending: [RawEntry]?
        var organization: RawEntry?
        do {
            var reader = JSONReader(bytes)
            try reader.readObject { (reader, key) throws(JSONTextError) in
                switch key {
                case "generation": generation = try reader.readInteger()
                case "start_timestamp": start = try reader.readString()
                case "pending": pending = try RawEntry.list(&reader, in: key)
                case "organization": organization = try reader.readNull() ? nil : RawEntry(&reader, in: key)
                default: try reader.skipValue()
                }
            }
            try reader.finish()
            guard let generation, (0...Manifest.largestNumber).contains(generation), let pending,
                let start = start.flatMap({ Timestamp(rfc3339: $0) })
            else { return nil }
            self.generation = generation
            startTimestamp = start
            self.pending = TimeRanges(try pending.map { try $0.value() })
            self.organization = try organization?.value()
        } catch {
            return nil
        }
    }
}

/// The file of the facts: a hint, so that no failure of it stops anything.
struct ManifestFactsFile {
    /// More than any archive's gaps need.
    private static let largestSize = 16 << 20

    private let fileSystem: any FileSystem
    private let path: FilePath
    private let draft: FilePath

    init(_ layout: ArchiveLayout, _ fileSystem: any FileSystem) {
        self.fileSystem = fileSystem
        path = layout.hint("manifest-facts.json")
        draft = layout.hint("manifest-facts.json.new")
    }

    /// What was kept last; `nil` if there is nothing, or nothing that can be read.
    func load() -> ManifestFacts? {
        (try? fileSystem.contents(of: path, upTo: Self.largestSize)).flatMap { $0 }.flatMap(
            ManifestFacts.init(decoding:))
    }

    /// Takes back what was kept, before a commit that it would not speak of.
    func remove() {
        try? fileSystem.removeIfPresent(path)
    }

    /// Replaces what was kept, in one step.
    func save(_ facts: ManifestFacts) {
        do throws(FileSystemError) {
            try fileSystem.removeIfPresent(draft)
            try fileSystem.createDurably(draft, facts.encoded())
            try fileSystem.rename(draft, to: path)
        } catch {
            // Without it a rebuild costs requests, never events.
        }
    }
}
