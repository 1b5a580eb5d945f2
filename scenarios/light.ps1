& (Join-Path $PSScriptRoot 'run.ps1') light @args; exit $LASTEXITCODE
