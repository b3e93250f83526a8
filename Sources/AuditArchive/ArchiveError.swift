package import SystemPackage

/// Why an archive cannot be used or written: what failed, where, and what to do next.
package struct ArchiveError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kinds, each with an exit code of its own.
    package enum Kind: Sendable, Equatable {
        /// Not what the format says, or another organization's (65).
        case damaged
        /// Of a format that a later program wrote (65).
        case unknownVersion
        /// There is no archive at that path, or nothing was committed to it yet (66).
        case absent
        /// No right to make or change files (73).
        case notWritable
        /// The disk is full or failing (74).
        case inputOutput
        /// The system has too few file descriptors or too little memory (71).
        case resources
        /// Another process holds the lock (75).
        case locked
        /// The file system cannot exchange two folders in one step (73).
        case noExchange
    }

    /// What kind of failure.
    package var kind: Kind

    /// What failed, in a sentence.
    package var summary: String

    /// The file or folder.
    package var path: FilePath

    /// What to do next.
    package var hint: String

    /// Describes a failure.
    package init(_ kind: Kind, _ summary: String, at path: FilePath, hint: String) {
        self.kind = kind
        self.summary = summary
        self.path = path
        self.hint = hint
    }

    package var description: String { "\(summary) (\(path)). \(hint)" }

    /// The archive does not hold what its manifest or its format says.
    package static func damaged(_ summary: String, at path: FilePath) -> ArchiveError {
        ArchiveError(
            .damaged, summary, at: path,
            hint: "Nothing was changed. Run `captivateiq-export verify` to see all faults, and restore what is "
                + "damaged from a copy.")
    }
}

extension ArchiveError {
    /// The archive's folder, or one above it, is a link that leads nowhere or to a file.
    static func linkToNoFolder(at path: FilePath) -> ArchiveError {
        ArchiveError(
            .absent, "The archive is, or is below, a link that leads to no folder", at: path,
            hint: "Check the setting `archive` (flag `--archive`), and that what the link leads to is mounted.")
    }

    /// A commit is past its point of no return, and not finished yet.
    static func unfinishedCommit(at path: FilePath, hint: String) -> ArchiveError {
        ArchiveError(.locked, "A commit has begun and is not finished", at: path, hint: hint)
    }

    /// The file system cannot exchange two folders.
    static func noExchange(_ failure: FileSystemError) -> ArchiveError {
        ArchiveError(
            .noExchange,
            "The file system cannot exchange two folders in one step (\(failure.operation.rawValue): "
                + "\(failure.errno.description))",
            at: failure.path,
            hint: "The small files stay, and nothing was changed. Compaction needs a local file system such as ext4, "
                + "xfs or btrfs; NFS, sshfs and the lower layers of an overlay cannot do it.")
    }

    /// Turns a failed call into what a person needs to know.
    package init(_ failure: FileSystemError) {
        let call = "\(failure.operation.rawValue) failed: \(failure.errno.description)"
        switch failure.errno {
        case .permissionDenied, .notPermitted, .readOnlyFileSystem:
            self.init(.notWritable, call, at: failure.path, hint: failure.rightsHint)
        case .notDirectory:
            self.init(
                .notWritable, call, at: failure.path, hint: "Something else has this name: choose another folder.")
        case .isDirectory:
            self.init(
                .notWritable, call, at: failure.path,
                hint: "A folder stands where a file belongs: move it away and run again.")
        case .tooManySymbolicLinkLevels:
            self.init(
                .notWritable, call, at: failure.path,
                hint: "A link stands where a file belongs, and is not followed: move it away and run again.")
        case .noSpace, Errno(rawValue: 122):
            self.init(
                .inputOutput, call, at: failure.path,
                hint: "Free some space; what was committed is safe and the next sync goes on from there.")
        case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
            self.init(
                .resources, call, at: failure.path,
                hint: "Raise the limit of open files (`ulimit -n`, or LimitNOFILE= in a systemd unit) and run again.")
        case .noMemory:
            self.init(
                .resources, call, at: failure.path, hint: "Give the program more memory, and run again.")
        default:
            self.init(
                .inputOutput, call, at: failure.path,
                hint: "Check the disk (`dmesg`); what was committed is safe and the next sync goes on from there.")
        }
    }
}

extension FileSystemError {
    /// What to do where the user has no right to make the call. Who only reads is told nothing about writing.
    fileprivate var rightsHint: String {
        switch operation {
        case .read, .opendir, .lstat:
            "Check the owner and the rights: the user that runs this command may not read it."
        case .open where errno != .readOnlyFileSystem:
            "Check the owner and the rights: the user that runs this command may not open it."
        default:
            "Check the owner and the rights of the archive's folder, and whether it is mounted for reading only: the user "
                + "that runs this command may not write there."
        }
    }
}
