& (Join-Path $PSScriptRoot 'run.ps1') stress @args; exit $LASTEXITCODE
