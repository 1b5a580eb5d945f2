& (Join-Path $PSScriptRoot 'run.ps1') soak @args; exit $LASTEXITCODE
