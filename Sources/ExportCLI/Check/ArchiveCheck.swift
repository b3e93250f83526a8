import AuditArchive
import SystemPackage

/// Looks at the archive, or at the place where it is to be, and tries what a commit needs of the file system.
struct ArchiveCheck {
    /// With less room than this a sync is likely to end with a full disk.
    private static let littleRoom = 1 << 30
    /// With less room than this hardly anything can be written.
    private static let noRoom = 1 << 20

    private let layout: ArchiveLayout
    private let creates: Bool
    private let fileSystem: any FileSystem

    /// A check of the archive at `layout`, where a sync may begin one if `creates`.
    init(_ layout: ArchiveLayout, creates: Bool, fileSystem: any FileSystem) {
        self.layout = layout
        self.creates = creates
        self.fileSystem = fileSystem
    }

    /// What there is, and the manifest of an archive that has begun.
    func run() -> (lines: [CheckLine], manifest: Manifest?) {
        let exposures = ArchivePermissions.warnings(layout, fileSystem: fileSystem).map {
            CheckLine("archive", .warning, $0)
        }
        do {
            guard try fileSystem.checkBeginning(layout, creates: creates) else {
                return (exposures + begin(at: newPlace), nil)
            }
            guard let manifest = try committed() else {
                let text = "\(layout.root): the first commit was interrupted, and the next sync finishes it"
                return ([CheckLine("archive", .ok, text)] + exposures + steps() + room(at: layout.root), nil)
            }
            let whose = manifest.organization.map { " of \($0.name) (\($0.id))" } ?? ""
            let (events, files) = (manifest.totals.records, manifest.totals.files)
            let line = CheckLine(
                "archive", .ok,
                "\(layout.root)\(whose), generation \(manifest.generation), \(Units.count(events, "event")) in "
                    + Units.count(files, "file"))
            return ([line] + exposures + steps() + room(at: layout.root), manifest)
        } catch {
            return ([CheckLine("archive", Failure(error))] + exposures, nil)
        }
    }

    /// The manifest of the archive that is there; nil where its first commit is yet to be finished.
    private func committed() throws(ArchiveError) -> Manifest? {
        do {
            return try fileSystem.requireManifest(layout).manifest
        } catch {
            guard error.kind == .absent else { throw error }
            return nil
        }
    }

    /// The folder that exists and that a first sync would make the archive in or be.
    private var newPlace: FilePath {
        var place = layout.root.lexicallyNormalized()
        // Through links, as the making of folders goes.
        while !place.isEmpty, (try? fileSystem.status(of: place.appending("."))) == nil, place.removeLastComponent() {}
        return place.isEmpty ? "." : place
    }

    private func begin(at place: FilePath) -> [CheckLine] {
        guard StorageFacts.mayWrite(in: place) else {
            let failure = Failure(
                .notWritable, "the archive cannot be made here", at: place.string,
                hints: ["Check the owner and the rights: the user that runs this command may not write there."])
            return [CheckLine("archive", failure)]
        }
        let text = "there is none yet at \(layout.root); a sync would begin a new archive there"
        return [CheckLine("archive", .ok, text)] + room(at: place)
    }

    /// What can be tried in the private folder. A copy without one is tried by its rights alone.
    private func steps() -> [CheckLine] {
        let probe = ArchiveProbe(layout, fileSystem: fileSystem)
        guard probe.isPossible else {
            guard StorageFacts.mayWrite(in: layout.root) else {
                let failure = Failure(
                    .notWritable, "the archive cannot be changed", at: layout.root.string,
                    hints: ["Check the owner and the rights: the user that runs this command may not write there."])
                return [CheckLine("file system", failure)]
            }
            return [CheckLine("file system", .ok, "the folder may be written; no sync has run here yet")]
        }
        let found = probe.run()
        let works = found.filter { $0.outcome == .ok }.map(\.step.rawValue)
        var lines = works.isEmpty ? [] : [CheckLine("file system", .ok, "\(works.joined(separator: ", ")) work")]
        for (step, outcome) in found {
            switch outcome {
            case .ok: break
            case .warning(let text): lines.append(CheckLine(step == .lock ? "lock" : "file system", .warning, text))
            case .failure(let error): lines.append(CheckLine("file system", Failure(error)))
            }
        }
        return lines
    }

    private func room(at place: FilePath) -> [CheckLine] {
        guard let facts = StorageFacts(at: place) else { return [] }
        let text = "\(Units.bytes(facts.freeBytes)) free at \(place)"
        if facts.freeBytes < Self.noRoom || facts.freeFiles == 0 {
            let what = facts.freeFiles == 0 ? "no more files can be made" : "only \(text)"
            return [CheckLine("free space", Failure(.inputOutput, what, at: place.string, hints: ["Free some space."]))]
        }
        return [CheckLine("free space", facts.freeBytes < Self.littleRoom ? .warning : .ok, text)]
    }
}
