import AuditArchive
import CivilTime
@testable import ExportCLI
import SystemPackage
import Testing
import TestSupport

@Suite("What quiet runs say, and how often")
struct WarningMemoryTests {
    private func take(_ warnings: [String], _ folder: String, after seconds: Int) -> [String] {
        // Each time as another process.
        var memory = WarningMemory(ArchiveLayout(root: FilePath(folder)), PosixFileSystem())
        return memory.take(warnings, at: SettledClock.noon + .seconds(seconds))
    }

    @Test("each kind once in 24 hours, whatever its numbers, and another kind at once")
    func onceADay() async throws {
        try await withTemporaryDirectory { folder in
            try PosixFileSystem().createDirectory(FilePath("\(folder)/.captivateiq-export"))
            #expect(take(["5 min ahead", "x"], folder, after: 0) == ["5 min ahead", "x"])
            #expect(take(["6 min ahead", "x"], folder, after: 3600) == [])
            #expect(take(["65 min ahead", "5 min behind"], folder, after: 7200) == ["5 min behind"])
            #expect(take(["7 min ahead"], folder, after: 86_399) == [])
            #expect(take(["7 min ahead", "5 min behind"], folder, after: 86_400) == ["7 min ahead"])
            // A clock that was set back.
            #expect(take(["7 min ahead"], folder, after: -60) == ["7 min ahead"])
        }
    }

    @Test("again where the memory is lost, torn or cannot be written", arguments: ["", "{", "[]", #"{"x": 1}"#])
    func lost(text: String) async throws {
        try await withTemporaryDirectory { folder in
            try PosixFileSystem().createDirectory(FilePath("\(folder)/.captivateiq-export"))
            #expect(take(["x"], folder, after: 0) == ["x"])
            try write(text, to: "\(folder)/.captivateiq-export/warnings.json")
            #expect(take(["x"], folder, after: 1) == ["x"])
            #expect(take(["x"], "\(folder)/nowhere", after: 1) == ["x"])
        }
    }

    @Test("are silent about an early stop while the last success is younger than 24 hours")
    func silence() {
        let locked = Failure(.stopped, "locked", kind: .locked, hints: [])
        for (age, expected) in [(0, true), (86_399, true), (86_400, false), (-1, false)] {
            let last = SettledClock.noon - .seconds(age)
            #expect(Silence.covers(locked, lastSuccess: last, now: SettledClock.noon) == expected, "\(age)")
        }
        #expect(!Silence.covers(locked, lastSuccess: nil, now: SettledClock.noon))
        let refused = Failure(.refused, "401", hints: [])
        #expect(!Silence.covers(refused, lastSuccess: SettledClock.noon, now: SettledClock.noon))
    }
}
