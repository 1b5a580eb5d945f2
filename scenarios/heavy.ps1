& (Join-Path $PSScriptRoot 'run.ps1') heavy @args; exit $LASTEXITCODE
