import ExportCLI

await ExportProgram.main()
