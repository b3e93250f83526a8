@testable import ExportCLI
import Foundation
import Testing

@Suite("schema")
struct SchemaTests {
    private func text(_ engine: SchemaEngine, _ arguments: String...) async -> String {
        let program = TestProgram()
        #expect(await program.run(["schema", "--for", engine.rawValue] + arguments) == .done)
        #expect(program.errors.text.isEmpty)
        return program.output.text
    }

    @Test("names every documented field for every engine that has columns", arguments: SchemaEngine.allCases)
    func columns(engine: SchemaEngine) async {
        let text = await text(engine)
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        guard engine != .pyarrow else { return }
        for column in TableSchema.columns { #expect(text.contains(column.name), "\(column.name)") }
        #expect(TableSchema.columns.count == 19)
    }

    @Test("says where the archive is, quoted as the language wants it")
    func location() async {
        #expect(await text(.duckdb, "--location", "/srv/it's/").contains("'/srv/it''s/audit_logs/date=*/*.ndjson.gz'"))
        #expect(await text(.polars, "--location", "/srv/a\"b").contains(#""/srv/a\"b/audit_logs/date=*/*.ndjson.gz""#))
        #expect(await text(.athena, "--location", "s3://lake/audit").contains("'s3://lake/audit/audit_logs/'"))
        #expect(await text(.duckdb).contains("'audit_logs/date=*/*.ndjson.gz'"))
    }

    @Test("prunes by date, and derives the event time", arguments: SchemaEngine.allCases)
    func dates(engine: SchemaEngine) async {
        let text = await text(engine)
        if engine == .lnav {
            #expect(text.contains(#""timestamp-field": "created_at""#))
            #expect((try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil)
        } else {
            #expect(text.contains("date"))
            #expect(engine == .pyarrow || text.contains("event_time"))
        }
    }

    @Test("knows no other engine, and says which it knows")
    func unknown() async {
        let program = TestProgram()
        #expect(await program.run("schema", "--for", "oracle") == .usage)
        #expect(program.errors.text.contains("duckdb") && program.errors.text.contains("lnav"))
        #expect(await TestProgram().run("schema") == .usage)
    }
}
