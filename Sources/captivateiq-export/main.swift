import ExportCLI

ExportProgram.main()
