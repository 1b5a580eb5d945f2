& (Join-Path $PSScriptRoot 'run.ps1') access-audit @args; exit $LASTEXITCODE
