& (Join-Path $PSScriptRoot 'run.ps1') medium @args; exit $LASTEXITCODE
