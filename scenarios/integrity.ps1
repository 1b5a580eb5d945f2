& (Join-Path $PSScriptRoot 'run.ps1') integrity @args; exit $LASTEXITCODE
